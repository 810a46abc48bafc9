import type { ComponentChildren } from 'preact'

/** 24 x 24, drawn with the text colour. Decorative: the control around it has the name. */
const paths = {
  chat: <path d="M20 12a8 8 0 0 1-8 8H4l1.8-3.2A8 8 0 1 1 20 12ZM8.5 12h.01M12 12h.01M15.5 12h.01" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  send: <path d="M12 19V5m-6 6 6-6 6 6" />,
  stop: <rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" stroke="none" />,
  down: <path d="M12 5v14m6-6-6 6-6-6" />,
  retry: <path d="M4 12a8 8 0 1 0 2.4-5.7L4 8.6M4 4v4.6h4.6" />,
  copy: <path d="M9 9h10v10H9zM15 9V5H5v10h4" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  up: <path d="M7 11v8H4v-8h3Zm0 0 4-7a2 2 0 0 1 2 2v4h5a2 2 0 0 1 2 2.3l-1 5A2 2 0 0 1 17 19H7" />,
  thumbDown: <path d="M17 13V5h3v8h-3Zm0 0-4 7a2 2 0 0 1-2-2v-4H6a2 2 0 0 1-2-2.3l1-5A2 2 0 0 1 7 5h10" />,
  document: <path d="M6 3h8l4 4v14H6V3Zm8 0v4h4M9 12h6M9 16h6" />,
  product: <path d="m12 3 8 4.5v9L12 21l-8-4.5v-9L12 3Zm-8 4.5 8 4.5 8-4.5M12 12v9" />,
  link: <path d="M14 5h5v5M19 5l-8 8M17 14v5H5V7h5" />,
  plus: <path d="M12 5v14M5 12h14" />,
  contrast: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" fill="currentColor" />
    </>
  ),
  search: <path d="M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5 4 4" />,
  upload: <path d="M12 16V4m-5 5 5-5 5 5M5 16v4h14v-4" />,
  gauge: <path d="M5 18a9 9 0 1 1 14 0M12 14l4-5" />,
  trash: <path d="M5 7h14M10 7V4h4v3m3 0-1 13H8L7 7m3 4v5m4-5v5" />,
  desk: (
    <path d="M4 13v-2a8 8 0 0 1 16 0v2M4 13h3v5H5a1 1 0 0 1-1-1v-4Zm16 0h-3v5h2a1 1 0 0 0 1-1v-4Zm-1 5c0 2-2 3-5 3" />
  ),
  chart: <path d="M4 20h16M7 16v-5m5 5V6m5 10v-8" />,
  people: (
    <path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-3.5 2.5-6 6-6s6 2.5 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5m1.5 3.5c2.2.8 3.5 2.8 3.5 5.5" />
  ),
  settings: (
    <path d="M4 7h9m5 0h2M4 17h3m5 0h8M15.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-6 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z" />
  ),
  history: <path d="M12 8v4.5l3 2M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4.5 9M4.5 5v4h4" />,
  mail: <path d="M4 6h16v12H4V6Zm0 1 8 6 8-6" />,
  contact: <path d="M5 4h4l1.5 5L8 11a12 12 0 0 0 5 5l2-2.5 5 1.5v4c-9 1.5-16.5-6-15-15Z" />,
  bell: <path d="M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15L6 16Zm4 4a2.2 2.2 0 0 0 4 0" />,
  sound: <path d="M5 10v4h3l5 4V6l-5 4H5Zm11.5-1a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11" />,
  note: <path d="M5 4h14v10l-5 6H5V4Zm14 10h-5v6" />,
  spark: <path d="M12 4c.8 4.5 2.5 6.2 7 7-4.5.8-6.2 2.5-7 7-.8-4.5-2.5-6.2-7-7 4.5-.8 6.2-2.5 7-7Z" />,
  transfer: <path d="M4 8h14m-4-4 4 4-4 4M20 16H6m4-4-4 4 4 4" />,
  columns: <path d="M4 5h16v14H4V5Zm8 0v14" />,
  info: <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5M12 8h.01" />,
  keyboard: <path d="M3 7h18v11H3V7Zm4 4h.01M11 11h.01M15 11h.01M8 15h8" />,
  back: <path d="M19 12H5m6-6-6 6 6 6" />,
  slash: <path d="M14 5 10 19" />,
  pencil: <path d="m5 19 1-4L16 5l3 3L9 18l-4 1Z" />,
  download: <path d="M12 4v12m-5-5 5 5 5-5M5 20h14" />,
  leave: <path d="M14 4h5v16h-5M15 12H4m4-4-4 4 4 4" />,
  globe: (
    <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3.5 9h17M3.5 15h17M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18" />
  ),
} satisfies Record<string, ComponentChildren>

export function Icon({ name, size = 20 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {paths[name]}
    </svg>
  )
}
