import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type ScannedWord, wordsOf } from './words.ts'

/** Of tesseract.js-core, as far as it is used: it has no types of its own. */
interface TesseractApi {
  Init(folder: null, languages: string, engine: number): number
  SetImageFile(orientation: number, angle: number): number
  Recognize(monitor: null): number
  GetTSVText(page: number): string
  Clear(): void
}

interface TesseractModule {
  FS: { writeFile(name: string, bytes: Uint8Array): void; unlink(name: string): void }
  OEM_LSTM_ONLY: number
  TessBaseAPI: new () => TesseractApi
}

interface Recogniser {
  read(picture: Uint8Array, orientation?: number): ScannedWord[]
}

/** The float models are seven times as large, and read no better. */
const edition = '4.0.0_best_int'
const languages = ['eng', 'chi_sim'] as const
/** English first: the other way round it takes twice as long. Chinese is read best by its own model alone. */
const mixed = 'eng+chi_sim'
const chinese = 'chi_sim'
/** Where the engine looks for the picture. */
const input = '/input'

const require = createRequire(import.meta.url)
let recogniser: Promise<Recogniser> | null = null

/**
 * The words of a picture in any of the formats that Leptonica reads; none where there are none that can be told. Read within
 * this process, in WebAssembly: without programs, threads or native code, with models that come in packages.
 * @param orientation how it is to be turned, as Exif has it, 1 to 8
 * @throws Error where the picture cannot be decoded
 */
export async function recognise(picture: Uint8Array, orientation?: number): Promise<ScannedWord[]> {
  recogniser ??= openRecogniser()
  try {
    return (await recogniser).read(picture, orientation)
  } catch (error) {
    // WebAssembly that failed once is in no state to go on.
    recogniser = null
    throw error
  }
}

async function openRecogniser(): Promise<Recogniser> {
  const load = require('tesseract.js-core/tesseract-core-simd-lstm.js')
  const module: TesseractModule = await load({ print() {}, printErr() {} })
  for (const language of languages) module.FS.writeFile(`${language}.traineddata`, modelOf(language))
  const opened = new Map<string, TesseractApi>()
  // The pages of a document are mostly in one language: the next is tried with what read the last.
  let last = mixed

  function readWith(models: string, orientation: number): ScannedWord[] {
    const api = opened.get(models) ?? open(module, models)
    opened.set(models, api)
    if (api.SetImageFile(orientation, 0) !== 0) throw new Error('The picture cannot be decoded.')
    api.Recognize(null)
    const words = wordsOf(api.GetTSVText(0))
    api.Clear()
    return words
  }

  return {
    read(picture, orientation = 1) {
      module.FS.writeFile(input, picture)
      try {
        const words = readWith(last, orientation)
        const models = isChinese(words) ? chinese : mixed
        if (models === last || words.length === 0) return words
        last = models
        return readWith(models, orientation)
      } finally {
        module.FS.unlink(input)
      }
    },
  }
}

function open(module: TesseractModule, models: string): TesseractApi {
  const api = new module.TessBaseAPI()
  if (api.Init(null, models, module.OEM_LSTM_ONLY) !== 0) throw new Error('The models cannot be loaded.')
  return api
}

function modelOf(language: string): Uint8Array {
  const folder = dirname(require.resolve(`@tesseract.js-data/${language}/package.json`))
  return gunzipSync(readFileSync(join(folder, edition, `${language}.traineddata.gz`)))
}

/** More of its letters are Chinese characters than Latin words. */
function isChinese(words: readonly ScannedWord[]): boolean {
  const text = words.map(word => word.text).join(' ')
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return han > (text.match(/\p{Script=Latin}+/gu)?.length ?? 0)
}
