import type { Patterns } from './patterns.ts'
import type { QualifierCue } from './qualifiers.ts'

export const qualifiersEn: Patterns<QualifierCue> = {
  universal:
    /\b(?:all(?!\s(?:your|the)\smoney)|any(?!\s?more)|always|every(?!\s(?:day|week|month|year|hour|\d|two|three|four|five|six|other))|everyone|everybody|everything|everywhere|anyone|anybody|anywhere|whole|entire|completely|without exception)\b/iu,
  exclusive:
    /\b(?:only|solely|exclusively)\b(?!\s(?:(?:costs?|takes?|weighs?|for|about|up to|within)\s){0,2}[\d€$£¥])/iu,
  exception: /\b(?:except|excluding|unless|apart from|other than|excluded)\b/iu,
  obligation: /\b(?:only|must|required?|requires|have to|has to|necessary)\b/iu,
  condition:
    /\b(?:if|unless|provided|providing|as long as|so long as|once|when|whenever|in case|on condition|subject to|only (?=in|with|on|after|before|for))\b/iu,
  loose:
    /\bif (?:you|the|a|your|an?)?\s?(?:would|want|need|wish|prefer|require|have any|have (?:a )?questions?|are (?:un|not )sure|issue persists|necessary|possible)\b|\bif (?:it|they|you|the \p{L}+) (?:do(?:es)?n['’]t|do(?:es)? not|are not|changed) (?:suit|fit|like|want|satisfied|your mind)\b/iu,
  instruction: /\b(?:please|contact|let us know|visit|check|e-?mail us|call us)\b/iu,
  comparison:
    /\b(?:more|less|fewer|\p{L}{2,}er)\s(?:\p{L}+\s)?than\b(?!\s*(?:a |an |the )?[\d€$£¥])|\b(?:the|our|its|their|in|as)\s(?:\p{L}+\s)?(?:most|best|\p{L}{2,}est)\b/giu,
  answer:
    /^\s*(?:yes|no|nope|sure|certainly|of course|absolutely|unfortunately|sorry|great|good news)\b\s*[,.!:–—-]\s*|^[^:：.]{0,60}\b(?:says|lists|states|shows|found)\b[^:：.]{0,20}:\s/iu,
  backward:
    /^(?:it|its|they|their|them|this|these|that|those|he|she|both|each|either|here|there|then|otherwise|after that|below that)\b/iu,
  clause:
    /[;；。!?！？\n]|[,，]\s|\s(?:-|–|—)\s|\s(?=(?:and|but|while|whereas|although|though|however|which|who|because|if|unless|once|provided|as long as)\s)|(?<!comes?)\s(?=with\s)/giu,
  predicate:
    /\b(?:no|included|excluded|provided|sold|one|two|three|four|five|six|seven|eight|nine|ten|twelve|is|are|was|were|be|been|isn['’]t|aren['’]t|can|cannot|can['’]t|could|may|might|must|will|would|should|has|have|had|do|does|don['’]t|doesn['’]t|gets?|costs?|takes?|comes?|weighs?|includes?|needs?|makes?|made|offers?|it|they|you|we|which|who)\b/iu,
  elliptic: /^(?:but )?not\b/iu,
  restricting:
    /\b(?:before|after|for the first|for orders (?:over|of|from|above)|from the age of)\s*[€$£¥]?$/iu,
  denyingCondition: /\bunless\b/iu,
  extreme: /^(?:smallest|largest|lowest|highest|shortest|longest|biggest|cheapest)$/iu,
}
