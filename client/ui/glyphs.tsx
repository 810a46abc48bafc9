/** One by one, so that a page carries only those it shows: the widget's size counts. */
export const chat = (
  <path d="M20 12a8 8 0 0 1-8 8H4l1.8-3.2A8 8 0 1 1 20 12ZM8.5 12h.01M12 12h.01M15.5 12h.01" />
)
export const close = <path d="m6 6 12 12M18 6 6 18" />
export const send = <path d="M12 19V5m-6 6 6-6 6 6" />
export const stop = <rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" stroke="none" />
export const down = <path d="M12 5v14m6-6-6 6-6-6" />
export const retry = <path d="M4 12a8 8 0 1 0 2.4-5.7L4 8.6M4 4v4.6h4.6" />
export const copy = <path d="M9 9h10v10H9zM15 9V5H5v10h4" />
export const check = <path d="m5 12.5 4.5 4.5L19 7.5" />
export const up = (
  <path d="M7 11v8H4v-8h3Zm0 0 4-7a2 2 0 0 1 2 2v4h5a2 2 0 0 1 2 2.3l-1 5A2 2 0 0 1 17 19H7" />
)
export const thumbDown = (
  <path d="M17 13V5h3v8h-3Zm0 0-4 7a2 2 0 0 1-2-2v-4H6a2 2 0 0 1-2-2.3l1-5A2 2 0 0 1 7 5h10" />
)
export const document = <path d="M6 3h8l4 4v14H6V3Zm8 0v4h4M9 12h6M9 16h6" />
export const product = <path d="m12 3 8 4.5v9L12 21l-8-4.5v-9L12 3Zm-8 4.5 8 4.5 8-4.5M12 12v9" />
export const link = <path d="M14 5h5v5M19 5l-8 8M17 14v5H5V7h5" />
export const person = <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8a7.5 7.5 0 0 1 15 0" />
export const history = <path d="M4 12a8 8 0 1 0 2.4-5.7L4 8.6M4 4v4.6h4.6M12 8v4.5l3 1.8" />
export const plus = <path d="M12 5v14M5 12h14" />
export const clip = (
  <path d="m8.5 12.5 6-6a3 3 0 0 1 4.3 4.2l-8 8a5 5 0 0 1-7-7.1l7.5-7.6M8.5 12.5a1.6 1.6 0 0 0 2.3 2.3l5.5-5.6" />
)
export const microphone = <path d="M9 7a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0V7Zm-3 5a6 6 0 0 0 12 0m-6 6v3" />
export const sound = <path d="M5 10v4h3l5 4V6l-5 4H5Zm12-1q3 3 0 6m2-9q6 6 0 12" />
export const pencil = <path d="m5 19 1-4L16 5l3 3L9 18l-4 1Z" />
