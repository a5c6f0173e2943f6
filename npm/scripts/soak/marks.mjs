// Marks: one bit for each number, in memory that grows with the highest.

export class Marks {
  bytes = new Uint8Array(1 << 16)

  has(number) {
    return ((this.bytes[number >> 3] ?? 0) & (1 << (number & 7))) !== 0
  }

  add(number) {
    const at = number >> 3
    if (at >= this.bytes.length) {
      const more = new Uint8Array(Math.max(at + 1, this.bytes.length * 2))
      more.set(this.bytes)
      this.bytes = more
    }
    this.bytes[at] |= 1 << (number & 7)
  }
}
