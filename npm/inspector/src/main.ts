// Defines the element: with this module on a page, `<h1-inspector>` is there.

import { H1Inspector } from './element.js'

customElements.define('h1-inspector', H1Inspector)
