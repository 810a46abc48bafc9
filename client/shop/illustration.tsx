import type { ComponentChildren } from 'preact'
import type { Product } from '#protocol'

/** Drawn, not loaded: the shop shows any catalogue without fetching a picture from anywhere. */
const drawings: readonly { words: RegExp; drawing: ComponentChildren }[] = [
  {
    words: /laptop|notebook|ultrabook|macbook|gaming|workstation|netbook|convertible/i,
    drawing: (
      <>
        <rect x="34" y="26" width="92" height="60" rx="6" class="body" />
        <rect x="41" y="33" width="78" height="46" rx="2" class="glow" />
        <path d="M22 90h116l-6 10a6 6 0 0 1-5 3H33a6 6 0 0 1-5-3Z" class="body" />
        <path d="M68 94h24" />
      </>
    ),
  },
  {
    words: /monitor|display|screen/i,
    drawing: (
      <>
        <rect x="24" y="20" width="112" height="68" rx="6" class="body" />
        <rect x="31" y="27" width="98" height="54" rx="2" class="glow" />
        <path d="M80 88v14M58 104h44" />
      </>
    ),
  },
  {
    words: /headphone|earbud|headset|audio/i,
    drawing: (
      <>
        <path d="M42 74V64a38 38 0 0 1 76 0v10" />
        <rect x="32" y="66" width="20" height="34" rx="9" class="body" />
        <rect x="108" y="66" width="20" height="34" rx="9" class="body" />
        <path d="M52 72v22M108 72v22" class="accent" />
      </>
    ),
  },
  {
    words: /lamp|light/i,
    drawing: (
      <>
        <path d="m92 40 34 46H66Z" class="glow" stroke="none" />
        <path d="M60 104h36M78 104 56 66l30-34" />
        <path d="m78 24 24 14a16 16 0 0 1-24 8 14 14 0 0 1 0-22Z" class="body" />
        <circle cx="56" cy="66" r="4" class="body" />
      </>
    ),
  },
  {
    words: /chair|seat|stool/i,
    drawing: (
      <>
        <path
          d="M60 20h36a6 6 0 0 1 6 6l-4 38a6 6 0 0 1-6 5H64a6 6 0 0 1-6-5l-4-38a6 6 0 0 1 6-6Z"
          class="body"
        />
        <rect x="50" y="70" width="56" height="10" rx="5" class="glow" />
        <path d="M78 80v16m-24 10 24-10 24 10M78 96v12M44 58v14m68-14v14" />
      </>
    ),
  },
  {
    words: /desk|table/i,
    drawing: (
      <>
        <rect x="20" y="42" width="120" height="9" rx="3" class="body" />
        <path d="M34 51v54M126 51v54M26 106h16M118 106h16" />
        <rect x="92" y="51" width="34" height="20" rx="2" class="glow" />
        <path d="M105 61h8" class="accent" />
      </>
    ),
  },
  {
    words: /keyboard|mouse|mice|input/i,
    drawing: (
      <>
        <rect x="18" y="46" width="92" height="40" rx="7" class="body" />
        <path d="M28 57h2m10 0h2m10 0h2m10 0h2m10 0h2m10 0h2M34 66h2m10 0h2m10 0h2m10 0h2m10 0h2M44 76h40" />
        <rect x="118" y="46" width="26" height="42" rx="13" class="glow" />
        <path d="M131 54v8" class="accent" />
      </>
    ),
  },
  {
    words: /speaker|camera|webcam|microphone/i,
    drawing: (
      <>
        <circle cx="80" cy="56" r="30" class="body" />
        <circle cx="80" cy="56" r="14" class="glow" />
        <path d="M80 86v12M58 104h44" />
      </>
    ),
  },
]

const parcel = (
  <>
    <path d="m80 22 42 20v44l-42 20-42-20V42Z" class="body" />
    <path d="m38 42 42 20 42-20M80 62v44M59 32l42 20" />
  </>
)

const tints = 5

/** The same product always in the same tint. */
function tintOf(name: string): number {
  return [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % tints
}

export function Illustration({ product: { name, category } }: { product: Product }) {
  const found =
    drawings.find(({ words }) => words.test(category ?? '')) ?? drawings.find(({ words }) => words.test(name))
  return (
    <svg class={`illustration tint-${tintOf(name)}`} viewBox="0 0 160 124" aria-hidden="true">
      {found?.drawing ?? parcel}
    </svg>
  )
}
