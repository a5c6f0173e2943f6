// Asks for a change of the octets.

export class EditEvent extends Event {
  readonly at: number
  /** How many octets go. */
  readonly removed: number
  /** Those that come in their place, by what the octets are then. */
  readonly added: (before: Uint8Array) => ArrayLike<number>
  /** The octet that the cursor is at afterwards. */
  readonly cursor: number
  /** Whether a character was typed: those that follow one another are undone together. */
  readonly typed: boolean

  constructor(
    change: Pick<EditEvent, 'at' | 'cursor'> & Partial<Pick<EditEvent, 'removed' | 'added' | 'typed'>>,
  ) {
    super('h1-edit', { bubbles: true, composed: true })
    this.at = change.at
    this.removed = change.removed ?? 0
    this.added = change.added ?? (() => [])
    this.cursor = change.cursor
    this.typed = change.typed ?? false
  }
}
