/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that only measures: a multiboot kernel (QEMU's -kernel takes it) that goes to long mode,
 * as every x86_64 kernel does, and then does a fixed work of what kernels do most: computing,
 * memory, calls, changes of the page tables and port I/O. It says BEGIN and END on the serial
 * console and stops.
 */
	.set	FLAGS, 0x00010000	/* the header has addresses */
	.set	MAGIC, 0x1BADB002
	.set	COM1, 0x3f8

	.section .text, "ax"
	.code32
	.globl	_start
	.balign	4
header:
	.long	MAGIC
	.long	FLAGS
	.long	-(MAGIC + FLAGS)
	.long	header			/* where this is */
	.long	header			/* load from here... */
	.long	_edata			/* ...to here */
	.long	_end			/* zero up to here */
	.long	_start

_start:
	cli
	movl	$stack_top, %esp

	/* The first GiB, mapped to itself in pages of 2 MiB. */
	movl	$pdpt + 3, pml4
	movl	$pd + 3, pdpt
	movl	$pd, %edi
	movl	$0x83, %eax
	movl	$512, %ecx
1:	movl	%eax, (%edi)
	movl	$0, 4(%edi)
	addl	$0x200000, %eax
	addl	$8, %edi
	loop	1b

	movl	%cr4, %eax
	orl	$0x20, %eax		/* PAE */
	movl	%eax, %cr4
	movl	$pml4, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx	/* EFER */
	rdmsr
	orl	$0x100, %eax		/* long mode */
	wrmsr
	movl	%cr0, %eax
	orl	$0x80000000, %eax	/* paging */
	movl	%eax, %cr0
	lgdt	gdt_pointer
	ljmp	$8, $long_mode

	.code64
long_mode:
	movw	$16, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$stack_top, %esp

	movl	$begin_text, %esi
	call	print
	movl	$ROUNDS, %r12d
2:	call	work
	decl	%r12d
	jnz	2b
	movl	$end_text, %esi
	call	print
3:	hlt
	jmp	3b

/* One round: about 200,000 instructions, one write to CR3 and two accesses of a port. */
work:
	movl	$20000, %ecx
	movq	$0x9e3779b97f4a7c15, %rax
	movl	$buffer, %edi
4:	movq	%rax, %rdx
	shlq	$13, %rdx
	xorq	%rdx, %rax
	movq	%rax, %rdx
	shrq	$7, %rdx
	xorq	%rdx, %rax
	movl	%ecx, %edx
	andl	$4095, %edx
	addq	%rax, (%rdi,%rdx)
	call	nothing
	decl	%ecx
	jnz	4b
	movq	%cr3, %rax
	movq	%rax, %cr3
	movw	$COM1 + 5, %dx
	inb	%dx, %al
	inb	%dx, %al
	ret
nothing:
	ret

/* Prints the text at %rsi. */
print:
	movw	$COM1 + 5, %dx
5:	inb	%dx, %al
	testb	$0x20, %al		/* room for a byte */
	jz	5b
	movw	$COM1, %dx
	lodsb
	testb	%al, %al
	jz	6f
	outb	%al, %dx
	jmp	print
6:	ret

begin_text:
	.asciz	"kmatrix: probe BEGIN\n"
end_text:
	.asciz	"kmatrix: probe END\n"

	.balign	8
gdt:
	.quad	0
	.quad	0x00af9a000000ffff	/* code, 64 bits */
	.quad	0x00cf92000000ffff	/* data */
gdt_pointer:
	.word	. - gdt - 1
	.long	gdt
_edata:

	.section .bss, "aw", @nobits
	.balign	4096
pml4:	.skip	4096
pdpt:	.skip	4096
pd:	.skip	4096
buffer:	.skip	8192
stack:	.skip	4096
stack_top:
_end:
