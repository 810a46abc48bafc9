import { useRef } from 'preact/hooks'
import { personNameMaxLength, pictureTypes } from '#protocol/core/limits'
import { Avatar } from '../../../ui/avatar.tsx'
import { useForm } from '../../../ui/form.ts'
import { useAction, useConsole } from '../../context.ts'
import { TextField } from '../../fields.tsx'
import type { ProfileProps } from './page.tsx'
import { squarePicture } from './square-picture.ts'
import { translator } from './words.ts'

export function PictureAndName({ profile, onChanged }: ProfileProps) {
  const { session, toasts, t } = useConsole(translator)
  const { isBusy, run } = useAction()
  const { values, changes, change } = useForm({ name: profile.name ?? '' })

  function rename(event: SubmitEvent) {
    event.preventDefault()
    if (!changes) return
    void run(async () => {
      const { profile: saved } = await session.call('profile:update', values)
      session.setUser({ name: saved.name })
      // What is written from now on carries the name of the token.
      await session.renew()
      toasts.say(t('saved'))
      onChanged()
    })
  }

  return (
    <section class="card">
      <h2>{t('about')}</h2>
      <p class="muted">{t('aboutText')}</p>
      <Picture profile={profile} onChanged={onChanged} />
      <form onSubmit={rename}>
        <div class="fields">
          <TextField
            label={t('name')}
            value={values.name}
            maxLength={personNameMaxLength}
            autocomplete="name"
            isRequired
            onText={name => change({ name })}
          />
          <div class="field">
            {t('signInNames')}
            <p class="fixed">
              {[profile.username, profile.email ?? t('noEmail')].filter(Boolean).join(' · ')}
            </p>
          </div>
        </div>
        <small class="muted">{t(profile.role === 'agent' ? 'accountHint' : 'accountHintAdmin')}</small>
        <div class="acts">
          <button type="submit" class="button primary" aria-busy={isBusy}>
            {t('save')}
          </button>
        </div>
      </form>
    </section>
  )
}

function Picture({ profile, onChanged }: ProfileProps) {
  const { session, toasts, t } = useConsole(translator)
  const { isBusy, run } = useAction()
  const input = useRef<HTMLInputElement>(null)

  async function set(file: File | undefined) {
    if (!file) return
    const picture = await squarePicture(file).catch(() => null)
    if (!picture) return toasts.warn(t('notPicture'))
    await run(async () => {
      await session.call('profile:set_picture', { file: picture })
      toasts.say(t('saved'))
      onChanged()
    })
  }

  function remove() {
    void run(async () => {
      await session.call('profile:remove_picture', {})
      onChanged()
    })
  }

  return (
    <div class="picture-field">
      <Avatar name={profile.name} url={profile.avatar_url} />
      <div>
        <div class="acts">
          <button type="button" class="button" aria-busy={isBusy} onClick={() => input.current?.click()}>
            {t('changePicture')}
          </button>
          {profile.avatar_url && (
            <button type="button" class="button quiet" aria-busy={isBusy} onClick={remove}>
              {t('removePicture')}
            </button>
          )}
        </div>
        <small class="muted">{t('pictureHint')}</small>
      </div>
      <input
        ref={input}
        type="file"
        accept={pictureTypes.join()}
        aria-label={t('picture')}
        hidden
        onChange={({ currentTarget }) => {
          void set(currentTarget.files?.[0])
          currentTarget.value = ''
        }}
      />
    </div>
  )
}
