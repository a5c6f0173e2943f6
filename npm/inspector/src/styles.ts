// The visual language: colours of the page and of each kind of octet, in light and in dark. Every kind has a second
// sign beside its colour (weight, slant, ground or hatching), so that none depends on seeing colours.

import { css } from 'lit'

/** Colours, by name; set on the element, inherited by all within. */
export const palette = css`
  :host {
    --paper: #f6f4ee;
    --panel: #fffefb;
    --well: #efece4;
    --ink: #1b1f24;
    --dim: #5a616b;
    --line: #dcd7cb;
    --accent: #0b57a4;
    --on-accent: #ffffff;
    --chosen: #ffd24a;
    --on-chosen: #1b1f24;
    --pointed: #00000017;
    --start: #0a4f94;
    --start-ground: #e2edf9;
    --name: #00644a;
    --value: #1b1f24;
    --mark: #6a6f77;
    --chunk: #8a4300;
    --chunk-ground: #fcecd7;
    --data: #5b2d82;
    --data-ground: #f2eaf8;
    --other: #5c5100;
    --other-ground: #f6f1c8;
    --junk: #a3123a;
    --junk-ground: #fde4e9;
    --error: #b3123b;
    --warning: #8a4b00;
    --note: #3d5a80;
    --mono: ui-monospace, 'Cascadia Code', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
    --sans: system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --paper: #101317;
      --panel: #171b21;
      --well: #0d1013;
      --ink: #e6e8eb;
      --dim: #a2abb5;
      --line: #2c333c;
      --accent: #8ec5ff;
      --on-accent: #0d1a28;
      --chosen: #ffd24a;
      --on-chosen: #14171c;
      --pointed: #ffffff1f;
      --start: #8ec5ff;
      --start-ground: #15293f;
      --name: #6fdcb0;
      --value: #e6e8eb;
      --mark: #919aa5;
      --chunk: #ffb86b;
      --chunk-ground: #38260f;
      --data: #d6b0f6;
      --data-ground: #2a1d38;
      --other: #e6d56a;
      --other-ground: #33300f;
      --junk: #ff9bad;
      --junk-ground: #401922;
      --error: #ff8fa5;
      --warning: #ffb86b;
      --note: #9cc0ea;
    }
  }
`

/** How octets look, wherever they stand. */
export const looks = css`
  .octet {
    display: inline-block;
    width: 1ch;
    text-align: center;
  }
  .control {
    position: relative;
    height: 16px;
    line-height: 16px;
    vertical-align: middle;
    border-radius: 2px;
    box-shadow: inset 0 0 0 1px color-mix(in srgb, currentcolor 38%, transparent);
    -webkit-text-fill-color: transparent;
  }
  .control::before,
  .control::after {
    position: absolute;
    -webkit-text-fill-color: currentcolor;
    font: 600 7.5px/7px var(--sans);
    text-indent: 0;
  }
  .control::before {
    content: attr(data-first);
    left: 1px;
    top: 1px;
  }
  .control::after {
    content: attr(data-last);
    right: 1px;
    bottom: 1px;
  }
  .start {
    color: var(--start);
    background: var(--start-ground);
    font-weight: 700;
  }
  .name {
    color: var(--name);
    font-weight: 700;
  }
  .value {
    color: var(--value);
  }
  .mark {
    color: var(--mark);
  }
  .chunk {
    color: var(--chunk);
    background: var(--chunk-ground);
    font-style: italic;
    font-weight: 700;
  }
  .data {
    color: var(--data);
    background: var(--data-ground);
  }
  .other {
    color: var(--other);
    background: var(--other-ground);
    font-style: italic;
  }
  .junk {
    color: var(--junk);
    background: repeating-linear-gradient(
      135deg,
      var(--junk-ground) 0 5px,
      transparent 5px 7px
    );
  }
  .found-1 {
    text-decoration: underline dotted 2px var(--note);
    text-underline-offset: 3px;
  }
  .found-2 {
    text-decoration: underline dashed 2px var(--warning);
    text-underline-offset: 3px;
  }
  .found-3 {
    text-decoration: underline wavy 1.5px var(--error);
    text-underline-offset: 3px;
  }
  .pointed {
    box-shadow: inset 0 0 0 99px var(--pointed);
  }
  .chosen {
    background: var(--chosen);
    color: var(--on-chosen);
  }
`

/** What every part has: boxes, buttons, focus. */
export const ground = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }
  button,
  select,
  .button {
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 6px;
    padding: 0 10px;
    height: 32px;
    cursor: pointer;
    white-space: nowrap;
  }
  button:hover,
  select:hover,
  .button:hover {
    border-color: var(--dim);
  }
  button:disabled {
    color: var(--dim);
    cursor: default;
    border-color: var(--line);
  }
  button.first {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  button.link {
    background: none;
    border: 0;
    padding: 0;
    height: auto;
    color: var(--accent);
    text-decoration: underline;
    text-underline-offset: 2px;
    white-space: normal;
    text-align: left;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  h2,
  h3,
  p {
    margin: 0;
  }
  code,
  .mono {
    font-family: var(--mono);
    font-size: 12.5px;
  }
  .dim {
    color: var(--dim);
  }
  .error {
    color: var(--error);
  }
  .warning {
    color: var(--warning);
  }
  .note {
    color: var(--note);
  }
`
