import { useEffect, useRef, useState } from 'preact/hooks'
import type { Attachment } from '#protocol'
import type { Access } from '../sdk/types.ts'
import type { FileWords } from './file-words.ts'
import { type Files, fetchFile, isPicture, saveFile, sizeLabel } from './files.ts'
import { Glyph } from './glyph.tsx'
import * as glyphs from './glyphs.tsx'
import { type Language, locale } from './i18n.ts'
import { useStore } from './use-store.ts'

/** What these say, in the words of who shows them. */
interface Wording {
  language: Language
  t(word: keyof FileWords, values?: Record<string, string | number>): string
}

/** The button beside a field; files may also be dropped on it. */
export function AttachButton({ files, t }: { files: Files } & Pick<Wording, 't'>) {
  const input = useRef<HTMLInputElement>(null)
  useStore(files)
  return (
    <>
      <button
        type="button"
        class="clip"
        aria-label={t('attach')}
        title={t('attach')}
        disabled={!files.hasRoom()}
        onClick={() => input.current?.click()}
        onDragOver={event => event.preventDefault()}
        onDrop={event => {
          event.preventDefault()
          // What is around it may take files too.
          event.stopPropagation()
          files.add(event.dataTransfer?.files ?? [])
        }}
      >
        <Glyph of={glyphs.clip} />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        // Browsers know no type of Markdown.
        accept={`${files.types()},.md`}
        onChange={({ currentTarget }) => {
          files.add(currentTarget.files ?? [])
          currentTarget.value = ''
        }}
      />
    </>
  )
}

interface PickedProps extends Wording {
  files: Files
  errorSentence(code: string, language: Language): string
}

/** What goes with the next message. */
export function PickedFiles({ files, errorSentence, language, t }: PickedProps) {
  const picked = useStore(files)
  if (picked.length === 0) return null
  return (
    <>
      {files.hasLeftOut() && (
        <p class="left-out" role="alert">
          {t('tooMany', { count: files.max() })}
        </p>
      )}
      <ul class="files picked" aria-label={t('attached')}>
        {picked.map(({ key, name, progress, attachment, error }) => (
          <li key={key} class={error ? 'bad' : ''}>
            <span class="name">{name}</span>
            <small role={error ? 'alert' : undefined}>
              {error
                ? errorSentence(error, language)
                : attachment
                  ? sizeLabel(attachment.bytes, locale(language))
                  : `${Math.round(progress * 100)} %`}
            </small>
            <button type="button" aria-label={t('takeOff', { name })} onClick={() => files.remove(key)}>
              <Glyph of={glyphs.close} size={14} />
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

interface AttachedProps extends Wording {
  /** Undefined in what was kept by an earlier version of the page. */
  files: Attachment[] | undefined
  access: Access
}

/** What came with a message: pictures are shown, other files can be saved. */
export function AttachedFiles({ files, ...rest }: AttachedProps) {
  if (!files || files.length === 0) return null
  return (
    <ul class="files" aria-label={rest.t('attached')}>
      {files.map(file => (
        <li key={file.id}>
          {isPicture(file) ? <Picture file={file} {...rest} /> : <Saved file={file} {...rest} />}
        </li>
      ))}
    </ul>
  )
}

type OneProps = Omit<AttachedProps, 'files'> & { file: Attachment }

function Saved({ file, access, language, t }: OneProps) {
  return (
    <button
      type="button"
      class="file"
      title={t('save', { name: file.name })}
      onClick={() => saveFile(access, file).catch(() => {})}
    >
      <Glyph of={glyphs.document} size={16} />
      <span class="name">{file.name}</span>
      <small>{sizeLabel(file.bytes, locale(language))}</small>
    </button>
  )
}

function Picture(props: OneProps) {
  const { file, access } = props
  const [src, setSrc] = useState<string | null>(null)

  useEffect(() => {
    let url: string | null = null
    let isGone = false
    fetchFile(access, file.id).then(
      blob => {
        if (isGone) return
        url = URL.createObjectURL(blob)
        setSrc(url)
      },
      () => {},
    )
    return () => {
      isGone = true
      if (url) URL.revokeObjectURL(url)
    }
  }, [file.id])

  if (!src) return <Saved {...props} />
  return (
    <a href={src} target="_blank" rel="noopener" class="picture">
      {/* A site's Content-Security-Policy may not know blobs: then it is a file like others. */}
      <img src={src} alt={file.name} onError={() => setSrc(null)} />
    </a>
  )
}
