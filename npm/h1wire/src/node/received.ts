// Received: what has come of a head that is not whole, to be shown with an error. It costs time that grows with the bytes,
// however many pieces they come in.

export class Received {
  #memory: Buffer
  #length: number

  constructor(first: Buffer) {
    this.#memory = first
    this.#length = first.length
  }

  add(data: Buffer): void {
    const length = this.#length + data.length
    if (length > this.#memory.length) {
      const memory = Buffer.allocUnsafeSlow(2 * length)
      this.#memory.copy(memory, 0, 0, this.#length)
      this.#memory = memory
    }
    data.copy(this.#memory, this.#length)
    this.#length = length
  }

  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length)
  }
}
