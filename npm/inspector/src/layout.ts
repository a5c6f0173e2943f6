// The layout of the element: wide, three views side by side; narrow, one of them at a time.

import { css } from 'lit'

export const layout = css`
  :host {
    display: grid;
    grid-template-rows: auto auto minmax(260px, 1.15fr) minmax(240px, 1fr);
    gap: 12px;
    min-height: min(100vh, 700px);
    height: 100vh;
    padding: 0 16px 14px;
    background: var(--paper);
    color: var(--ink);
    font: 14px/1.45 var(--sans);
    container-type: inline-size;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 10px;
    padding: 10px 0 0;
  }
  h1 {
    font: 700 17px/1 var(--mono);
    letter-spacing: -0.02em;
    margin: 0 6px 0 0;
    display: flex;
    gap: 8px;
    align-items: baseline;
  }
  h1 small {
    font: 400 14px/1 var(--sans);
    color: var(--dim);
    letter-spacing: 0;
  }
  header .space {
    flex: 1;
  }
  select.examples {
    max-width: 230px;
  }
  .group {
    display: inline-flex;
    align-items: center;
  }
  .group > span {
    color: var(--dim);
    padding-right: 7px;
    font-size: 13px;
  }
  .group button {
    border-radius: 0;
    margin-left: -1px;
  }
  .group button:first-of-type {
    border-radius: 6px 0 0 6px;
  }
  .group button:last-of-type {
    border-radius: 0 6px 6px 0;
  }
  .group button:hover {
    z-index: 1;
  }
  header > button[aria-pressed='true'],
  .group button[aria-pressed='true'] {
    background: var(--ink);
    color: var(--panel);
    border-color: var(--ink);
  }
  .strip {
    display: grid;
    gap: 7px;
  }
  .messages {
    display: flex;
    gap: 6px 10px;
    flex-wrap: wrap;
    align-items: center;
    min-width: 0;
  }
  .messages button {
    max-width: 46ch;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    height: 26px;
    font-size: 13px;
    padding: 0 8px;
  }
  .messages .count {
    color: var(--dim);
    font-size: 13px;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 3px 4px;
    margin: 0 0 0 auto;
    padding: 0;
    list-style: none;
    font-size: 12px;
  }
  .legend .mono {
    font-size: 12px;
  }
  .legend .tag,
  .meaning .tag {
    padding: 1px 6px;
    border-radius: 3px;
  }
  .notice {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
    background: var(--panel);
    border: 1px solid var(--line);
    border-left: 4px solid var(--accent);
    border-radius: 6px;
    padding: 7px 12px;
  }
  .notice.warn {
    border-left-color: var(--warning);
  }
  .notice p {
    flex: 1;
    min-width: 200px;
  }
  :host([comparing]) {
    grid-template-rows: auto auto minmax(400px, 1fr);
  }
  .comparison {
    display: grid;
    min-height: 0;
  }
  .views,
  .below {
    display: grid;
    gap: 12px;
    min-height: 0;
  }
  .views {
    grid-template-columns: minmax(0, 1.15fr) minmax(0, 590px) minmax(0, 1fr);
  }
  .below {
    grid-template-columns: minmax(280px, 0.62fr) minmax(0, 1fr);
  }
  section {
    display: flex;
    flex-direction: column;
    min-height: 0;
    min-width: 0;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 8px;
    overflow: hidden;
  }
  section > h2 {
    font-size: 12px;
    font-weight: 600;
    color: var(--dim);
    padding: 6px 12px;
    border-bottom: 1px solid var(--line);
  }
  .hint {
    float: right;
    font-weight: 400;
  }
  .hint select {
    height: 20px;
    margin: -1px 0;
    padding: 0 2px;
    font-size: 12px;
  }
  section > :last-child {
    flex: 1;
    min-height: 0;
  }
  .panel {
    padding: 12px;
    overflow: auto;
    scrollbar-width: thin;
  }
  [role='tablist'] {
    display: flex;
    overflow-x: auto;
    border-bottom: 1px solid var(--line);
    scrollbar-width: none;
    flex: none;
  }
  [role='tab'] {
    border: 0;
    border-radius: 0;
    background: none;
    height: 34px;
    padding: 0 14px;
    border-bottom: 3px solid transparent;
    color: var(--dim);
    outline-offset: -3px;
  }
  [role='tab'][aria-selected='true'] {
    color: var(--ink);
    font-weight: 600;
    border-bottom-color: var(--accent);
  }
  .badge {
    display: inline-block;
    min-width: 18px;
    padding: 0 5px;
    margin-left: 5px;
    border-radius: 9px;
    background: var(--well);
    color: var(--ink);
    font-size: 11.5px;
    line-height: 18px;
    font-weight: 600;
    text-align: center;
  }
  .badge.error {
    background: var(--error);
    color: var(--panel);
  }
  .choose-view {
    display: none;
  }

  .path {
    display: flex;
    flex-wrap: wrap;
    margin-bottom: 10px;
    font-size: 13px;
  }
  .path button:not(:last-child)::after {
    content: '›';
    display: inline-block;
    color: var(--dim);
    padding: 0 7px;
  }
  .path button[aria-current='true'] {
    color: var(--ink);
    text-decoration: none;
    font-weight: 600;
  }
  .meaning {
    margin-bottom: 10px;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 14px;
    margin: 0;
  }
  dt {
    color: var(--dim);
  }
  dd {
    margin: 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .reads {
    white-space: pre-wrap;
    max-height: 5.6em;
    overflow: auto;
  }
  .here {
    margin-top: 8px;
    padding-left: 10px;
    border-left: 3px solid currentcolor;
  }

  ol,
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .finding {
    display: grid;
    grid-template-columns: 84px 1fr auto;
    gap: 1px 10px;
    width: 100%;
    height: auto;
    padding: 7px 8px;
    border: 0;
    border-bottom: 1px solid var(--line);
    border-radius: 0;
    white-space: normal;
    text-align: left;
    background: none;
    outline-offset: -2px;
  }
  .finding:hover {
    background: var(--well);
  }
  .finding .sign {
    font-weight: 600;
  }
  .finding .more {
    grid-column: 2 / -1;
    font-size: 12.5px;
  }
  .verdict {
    font-weight: 600;
    margin-bottom: 10px;
  }
  .verdict.differ {
    color: var(--error);
  }
  .readings li {
    display: grid;
    grid-template-columns: minmax(160px, 0.85fr) 1.4fr;
    grid-template-rows: auto 1fr;
    gap: 2px 14px;
    padding: 5px 0;
    border-bottom: 1px solid var(--line);
  }
  .readings .who {
    font-size: 12.5px;
    line-height: 1.35;
    grid-row: span 2;
  }
  .readings .who {
    display: flex;
    flex-wrap: wrap;
    gap: 1px 10px;
    align-content: flex-start;
  }
  .readings .who .long {
    width: 100%;
  }
  .readings .who strong {
    font-family: var(--mono);
  }
  .readings .says {
    font-size: 11.5px;
  }
  .bar {
    position: relative;
    height: 24px;
    background: var(--well);
    border-radius: 4px;
    overflow: hidden;
  }
  .bar button {
    position: absolute;
    top: 0;
    height: 24px;
    padding: 0;
    font-size: 11.5px;
    outline-offset: -3px;
    overflow: hidden;
    min-width: 3px;
    border-radius: 4px;
  }
  .bar .message {
    background: var(--start-ground);
    color: var(--start);
    border-color: var(--start);
    font-weight: 700;
  }
  .bar .message.odd {
    background: var(--chunk-ground);
    color: var(--chunk);
    border-color: var(--chunk);
  }
  .bar .refusal {
    width: 20px;
    background: var(--junk-ground);
    color: var(--junk);
    border-color: var(--junk);
  }
  .readings + p {
    margin-top: 10px;
    font-size: 12.5px;
  }
  .slider {
    display: flex;
    gap: 8px;
    align-items: center;
  }
  .slider input {
    flex: 1;
    min-width: 60px;
    accent-color: var(--accent);
    height: 32px;
  }
  .state {
    margin: 8px 0;
  }
  .state .is {
    padding: 1px 7px;
    border-radius: 3px;
    background: var(--start-ground);
    color: var(--start);
  }
  .steps li {
    display: grid;
    grid-template-columns: 6ch 9ch 1fr;
    gap: 10px;
    padding: 3px 6px;
    overflow-wrap: anywhere;
  }
  .steps li.dim {
    display: block;
  }
  .steps li.now {
    background: var(--well);
    border-radius: 4px;
  }
  .row-of {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin-bottom: 10px;
  }
  .row-of span {
    flex: 1;
    min-width: 200px;
  }
  .switches {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(290px, 1fr));
    gap: 2px 16px;
  }
  .switches label {
    display: flex;
    gap: 8px;
    padding: 4px 0;
    align-items: flex-start;
  }
  .switches input {
    accent-color: var(--accent);
    width: 16px;
    height: 16px;
    margin: 2px 0 0;
    flex: none;
  }
  .switches span span {
    display: block;
    font-size: 12.5px;
  }
  .live {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :host(.dropping) {
    outline: 3px dashed var(--accent);
    outline-offset: -6px;
  }

  @media (max-width: 1060px) {
    :host {
      height: auto;
      min-height: 0;
      display: flex;
      flex-direction: column;
      padding: 0 10px 14px;
    }
    .views,
    .below {
      grid-template-columns: minmax(0, 1fr);
    }
    .views {
      height: min(44vh, 380px);
    }
    .choose-view {
      display: flex;
    }
    .choose-view button {
      flex: 1;
    }
    .views section {
      display: none;
    }
    .views section.in-sight {
      display: flex;
    }
    .views section > h2 {
      display: none;
    }
    .legend {
      margin: 0;
    }
    .panel {
      overflow: visible;
    }
  }
  @media (max-width: 600px) {
    h1 {
      width: 100%;
    }
    header .space {
      display: none;
    }
    select.examples {
      flex: 1 1 150px;
      max-width: none;
      min-width: 0;
    }
    .finding {
      grid-template-columns: 1fr auto;
    }
    .finding .what,
    .finding .more {
      grid-column: 1 / -1;
    }
    .finding .where {
      grid-row: 1;
      grid-column: 2;
    }
    .readings li {
      grid-template-columns: minmax(0, 1fr);
      gap: 3px;
    }
    [role='tab'] {
      padding: 0 10px;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    button,
    [role='tab'] {
      transition: border-color 0.12s, background-color 0.12s;
    }
  }
`
