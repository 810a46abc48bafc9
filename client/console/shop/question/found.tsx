import type { Found } from '#protocol/shop/question'
import { useConsole } from '../../context.ts'
import { translator } from './words.ts'

const outcomes = { cited: 'good', given: '', weaker: '', too_little: 'bad' } as const
const boosts = {
  same_page: 'samePage',
  other_language: 'otherLanguage',
  heading: 'heading',
  other_case: 'otherCase',
} as const

/** What was found, in its order, each with what put it there. */
export function FoundList({ found }: { found: Found[] }) {
  const { t } = useConsole(translator)
  if (found.length === 0) return <p class="muted">{t('foundNothing')}</p>
  return (
    <ol class="found">
      {found.map((one, at) => (
        <li key={at} class={one.outcome}>
          <FoundItem found={one} />
        </li>
      ))}
    </ol>
  )
}

function FoundItem({ found }: { found: Found }) {
  const { t } = useConsole(translator)
  const { source, title, text, outcome, matched } = found
  return (
    <>
      <p class="head">
        <span class="title" dir="auto">
          {title}
        </span>
        <span class="muted">{t(source)}</span>
        <span class={`tag ${outcomes[outcome]}`}>{t(outcome)}</span>
      </p>
      <Figures found={found} />
      {matched.length > 0 && (
        <p class="muted">
          {t('has')}: <bdi>{matched.join(' · ')}</bdi>
        </p>
      )}
      <details>
        <summary dir="auto">{text.split('\n').find(Boolean)}</summary>
        <blockquote dir="auto">{text}</blockquote>
      </details>
    </>
  )
}

function Figures({ found: { score, words, meaning, coverage, boosts: moved } }: { found: Found }) {
  const { language, t } = useConsole(translator)
  const shown = [
    [t('score'), score],
    [t('byWords'), words],
    [t('byMeaning'), meaning],
    [t('covers'), coverage],
  ] as const
  return (
    <p class="figures">
      {shown.map(
        ([label, value]) =>
          value !== null && (
            <span key={label}>
              <span class="muted">{label}</span>{' '}
              {value.toLocaleString(language, { style: 'percent', maximumFractionDigits: 0 })}
            </span>
          ),
      )}
      {moved.map(({ kind, factor }) => (
        <span key={kind} class="tag">
          {t(boosts[kind])} × {factor.toLocaleString(language, { maximumFractionDigits: 2 })}
        </span>
      ))}
    </p>
  )
}
