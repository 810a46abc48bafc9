import { Dialog } from '../../../ui/dialog.tsx'
import { useDesk } from './context.ts'
import type { Word } from './words.ts'

const keys: [keys: string[], word: Word][] = [
  [['N'], 'keyNext'],
  [['T'], 'keyTake'],
  [['1', '2', '3'], 'keyLists'],
  [['↑', '↓'], 'keyRows'],
  [['B'], 'keyBeside'],
  [['X'], 'keySelect'],
  [['C'], 'keyCompose'],
  [['Esc'], 'keyEscape'],
  [['Enter'], 'keySend'],
  [['F6'], 'keyColumns'],
  [['Alt', 'M'], 'keyNote'],
  [['Alt', 'G'], 'keyDraft'],
  [['Alt', 'T'], 'keyTransfer'],
  [['Alt', 'C'], 'keyComplete'],
  [['Alt', 'S'], 'snooze'],
  [['Alt', 'I'], 'keyFacts'],
  [['?'], 'keyHelp'],
]

export function Keys({ onClose }: { onClose(): void }) {
  const { t } = useDesk()
  return (
    <Dialog title={t('keys')} cancel={t('close')} onAnswer={onClose}>
      <dl class="keys">
        {keys.map(([names, word]) => (
          <div key={word}>
            <dt>
              {names.map(name => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
