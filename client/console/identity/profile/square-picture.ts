/** As large as a face is ever shown, in pixels, on a dense screen. */
const edge = 256

/** The middle of a picture, small and without what a camera wrote into it. @throws where it is none */
export async function squarePicture(file: File): Promise<File> {
  const bitmap = await createImageBitmap(file)
  const side = Math.min(bitmap.width, bitmap.height)
  const canvas = new OffscreenCanvas(edge, edge)
  canvas
    .getContext('2d')!
    .drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, edge, edge)
  bitmap.close()
  // Safari has no WebP to write and makes PNG of it, which is as good.
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 })
  return new File([blob], 'picture', { type: blob.type })
}
