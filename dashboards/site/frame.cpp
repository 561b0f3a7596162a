// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/frame.h"

namespace kmatrix::site {

namespace {

void write_links(Html& html, const std::vector<NavLink>& links) {
  for (const auto& link : links) {
    if (link.here) {
      html << "<a aria-current=\"page\" href=\"";
    } else if (link.address.empty()) {
      html << "<span>";
      html.text(link.label) << "</span>";
      continue;
    } else {
      html << "<a href=\"";
    }
    html.text(link.address) << "\">";
    html.text(link.label) << "</a>";
  }
}

void write_head(Html& html, const Frame& frame, const Links& links) {
  html << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"";
  html.text(policy(links.live()))
      << "\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n<title>";
  html.text(frame.title) << " · kmatrix</title>\n<link rel=\"icon\" href=\"";
  html.text(links.root()) << "icon.svg\">\n<link rel=\"stylesheet\" href=\"";
  html.text(links.root()) << "style.css\">\n<script src=\"";
  html.text(links.root()) << "page.js\"></script>\n";
  if (frame.charts) {
    html << "<script defer src=\"";
    html.text(links.root()) << "charts.js\"></script>\n<script defer src=\"";
    html.text(links.root()) << "draw.js\"></script>\n";
  }
  html << "</head>\n";
}

}  // namespace

std::string_view policy(bool live) {
  if (live)
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
           "connect-src 'self'; base-uri 'none'; form-action 'none'";
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
         "base-uri 'none'; form-action 'none'";
}

std::string framed(const Frame& frame, const Html& content, const Links& links) {
  Html html;
  html.reserve(content.str().size() + 4096);
  write_head(html, frame, links);
  html << "<body" << (links.live() ? Markup(" data-live") : Markup("")) << ">\n"
       << "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n"
          "<header class=\"top\"><a class=\"brand\" href=\"";
  html.text(links.root()) << "index.html\">kmatrix</a><nav aria-label=\"Dashboards\">";
  write_links(html, frame.top);
  html << "</nav></header>\n";
  if (!frame.trail.empty()) {
    html << "<nav class=\"trail\" aria-label=\"Place\">";
    write_links(html, frame.trail);
    html << "</nav>\n";
  }
  html << "<main id=\"main\">\n<h1>";
  html.text(frame.title) << "</h1>\n";
  if (!frame.tabs.empty()) {
    html << "<nav class=\"tabs\" aria-label=\"Pages of this run\">";
    write_links(html, frame.tabs);
    html << "</nav>\n";
  }
  html.add(content) << "</main>\n<footer>";
  html.text(frame.made) << "</footer>\n</body>\n</html>\n";
  return html.str();
}

}  // namespace kmatrix::site
