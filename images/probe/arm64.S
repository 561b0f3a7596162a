/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that only measures, as x86_64.S: it has the header of an arm64 Image, so that QEMU's
 * -kernel takes it, computes with the MMU off, and reads a register of the UART now and then. It
 * says BEGIN and END on the PL011 of QEMU's `virt` machine and stops.
 */
	.set	UART, 0x09000000

	.section .text, "ax"
	.globl	_start
_start:
	b	begin
	.long	0
	.quad	0			/* text_offset */
	.quad	_end - _start		/* image_size */
	.quad	0xa			/* little endian, 4 KiB pages, anywhere */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

begin:
	movz	x20, #(UART >> 16), lsl #16
	adr	x0, begin_text
	bl	print
	ldr	w21, =ROUNDS
1:	bl	work
	subs	w21, w21, #1
	b.ne	1b
	adr	x0, end_text
	bl	print
2:	wfi
	b	2b

/* One round: about 200,000 instructions and two accesses of a device. */
work:
	mov	x10, x30
	movz	w1, #22000
	ldr	x2, =0x9e3779b97f4a7c15
3:	eor	x2, x2, x2, lsl #13
	eor	x2, x2, x2, lsr #7
	eor	x2, x2, x2, lsl #17
	and	x3, x2, #0xff
	add	x4, x4, x3
	ror	x5, x2, #3
	bl	nothing
	subs	w1, w1, #1
	b.ne	3b
	ldr	w3, [x20, #0x18]
	ldr	w3, [x20, #0x18]
	ret	x10
nothing:
	ret

/* Prints the text at x0. */
print:
	ldrb	w1, [x0], #1
	cbz	w1, 5f
4:	ldr	w2, [x20, #0x18]
	tbnz	w2, #5, 4b		/* no room for a byte */
	str	w1, [x20]
	b	print
5:	ret

begin_text:
	.asciz	"kmatrix: probe BEGIN\n"
end_text:
	.asciz	"kmatrix: probe END\n"
	.balign	8
	.ltorg
_end:
