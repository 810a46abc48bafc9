import './page.css'
import type { Profile } from '#protocol/identity/profile'
import { OwnMemory } from '../../chat/memory/own-memory.tsx'
import { useLoaded } from '../../context.ts'
import { Loading } from '../../state.tsx'
import { AlertSettings } from './alerts.tsx'
import { OwnData } from './data.tsx'
import { FactorSettings } from './factor.tsx'
import { PasswordForm } from './password.tsx'
import { PictureAndName } from './picture-and-name.tsx'

export interface ProfileProps {
  profile: Profile
  onChanged(): void
}

/** The own account. */
export function ProfileView() {
  const loaded = useLoaded('profile:get', {})
  return (
    <Loading of={loaded}>
      {({ profile }) => (
        <div class="settings profile">
          <PictureAndName profile={profile} onChanged={loaded.reload} />
          <PasswordForm username={profile.username ?? profile.email ?? ''} />
          <FactorSettings profile={profile} onChanged={loaded.reload} />
          <AlertSettings />
          <OwnMemory />
          <OwnData />
        </div>
      )}
    </Loading>
  )
}
