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
/** Of the source of the widget's first file, put in by client/build.ts. */
declare const coreVersion: string
