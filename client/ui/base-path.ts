/** Where the server is below this site (`/chat`), empty at its root: it says so in the pages it serves. */
export const basePath = document.documentElement.dataset.base ?? ''
