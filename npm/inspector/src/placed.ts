// Sets styles of an element from script: a style attribute, which lit's own directive begins with, is against the policy.

import { noChange } from 'lit'
import { Directive, directive, type ElementPart } from 'lit/directive.js'

class Placed extends Directive {
  override render(_styles: Record<string, string>): typeof noChange {
    return noChange
  }

  override update(part: ElementPart, [styles]: [Record<string, string>]): typeof noChange {
    for (const [name, value] of Object.entries(styles))
      (part.element as HTMLElement).style.setProperty(name, value)
    return noChange
  }
}

/** In a tag: sets these properties, by their names in CSS. */
export const placed = directive(Placed)
