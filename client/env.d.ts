declare module '*.css'
declare module '*.css?inline' {
  const css: string
  export default css
}
declare module '*.svg' {
  const address: string
  export default address
}
/** Path of the widget's second file, put in by client/build.ts. */
declare const lazyFile: string
/** Path of its third, for voice, of the script of the audio thread, and of the voice detector. */
declare const voiceFile: string
declare const workletFile: string
declare const detectorFile: string
/** Of the source of the widget's first file, put in by client/build.ts. */
declare const coreVersion: string
