import type { Asking } from './asking.ts'

export const askingEn: Asking = {
  cues: {
    whether: /^(?:and |but |so )?(?:does|do|is|are|am|has|have|can|could|may|must|should|will)\b/i,
    how: /\bhow (?:do|can|to|should|would|does one)\b/i,
    why: /\b(?:why|because|reason)\b/i,
    howMuch: /\bhow much\b/i,
    comparison: /\b(?:compar\w*|versus|vs|difference|differ|better|against|or)\b/i,
    products:
      /\b(?:which|what (?:kind|sort|other)|any|show|list|recommend|suggest|find|looking for|search|need an?|want an?|options?|alternatives?|something|do you (?:have|sell)|is there an?|are there|cheapest|best|laptops|notebooks|computers|lamps|lights|bulbs|chairs|phones|tablets|desks|tables|products|items|models|devices)\b/i,
    wish: /\b(?:which|what|any|need|want|looking for|searching|recommend|suggest|show|best|good|is there|are there|do you (?:have|sell))\b/i,
    anything:
      /\b(?:something|anything|everything|products?|items?|things?|gifts?|presents?|options?|what (?:else )?do you (?:have|sell|offer))\b/i,
    refersBack: /\b(?:it|its|it['’]s|this|that|these|those|they|their|them|the same|one)\b/i,
    continues:
      /\b(?:it|its|it's|that one|this one|they|them|their|those|these|the (?:same|other|first|second|last)(?: one)?|what about|how about)\b/i,
    category: /categor/i,
  },
  smallTalk: {
    greeting:
      /^(?:hi+|hello|hey+|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings)(?: there| all)?$/i,
    thanks:
      /^(?:(?:many )?thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|ok(?:ay)?|great|perfect|bye|goodbye)$/i,
    person:
      /\b(?:talk|speak|chat|connect|transfer|get|want|need)\b.{0,24}\b(?:human|person|agent|someone|somebody|representative|operator|colleague|staff|people)\b|^(?:a )?(?:real )?(?:human|person|agent|operator)(?: please)?$/i,
  },
  answers: {
    price: /\bhow much\b|\b(?:price|cost|costs|fee|fees|charge|expensive)\b/i,
    duration: /\bhow (?:long|soon|fast|quickly|old|many (?:days|weeks|months|hours|years))\b/i,
    time: /\b(?:when|what time|opening hours|which (?:day|date)|deadline|how often)\b/i,
    count: /\bhow (?:many|far|heavy|big|large|tall)\b/i,
  },
  headings: { price: [], duration: ['time', 'period'], time: ['time', 'hour'], count: [] },
  nextQuestion: /[?？\n]+|[,，]?\s+and (?=(?:how|what|when|where|which|who|can|do|does|is|are)\b)/i,
}
