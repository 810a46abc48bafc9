import type { MemoryLexicon } from './lexicon.ts'

const me = String.raw`(?:i am|i'm|im)`
const have = String.raw`(?:i have|i've got|i've|i own|i keep)`
const now = String.raw`(?:now |currently |actually |usually |always |really |also )*`
const garment =
  'shoes?|boots?|sneakers?|trainers?|shirts?|t-shirts?|trousers?|pants|jeans|jackets?|coats?|dress(?:es)?|gloves?|hats?|rings?|socks?|bras?|helmets?|waist|collar|clothes|clothing'
const slots = String.raw`(?:(?:${garment}) )?size|height|name|nickname|birthday|job|profession|occupation|hobby|hobbies|budget|native language|first language|mother tongue|time zone|timezone|car|bike|bicycle|phone|laptop|printer|computer|tablet|camera|home town|hometown|star sign|fav(?:ou?rite) [a-z]+(?: [a-z]+)?`
const jobs =
  'teacher|developer|engineer|programmer|nurse|doctor|student|designer|photographer|artist|musician|writer|journalist|lawyer|architect|accountant|chef|cook|baker|carpenter|electrician|plumber|mechanic|driver|farmer|gardener|pilot|scientist|researcher|translator|librarian|hairdresser|pensioner|retiree|freelancer|consultant|manager|salesperson|barista|waiter|waitress|vet|dentist|pharmacist|cyclist|runner|climber|beginner in [a-z]+'
const belongings =
  'dogs?|cats?|rabbits?|parrots?|horses?|garden|balcony|terrace|dishwasher|car|van|bike|bicycle|motorbike|piano|guitar|printer|laptop|fireplace|greenhouse|workshop|lawn|pool|e-bike|electric car'

export const memoryLexiconEn: MemoryLexicon = {
  clauseBreak: /\s+(?:and|but|so|because|since)\s+(?=(?:i|my|call)\b)/i,
  opener:
    /^(?:(?:by the way|btw|fyi|for your information|just so you know|also|and|but|so|oh|well|hi|hello|hey|hi there|thanks|thank you|ok|okay|yes|no|actually|please note(?: that)?|note(?: that)?|as i said|you should know(?: that)?|since|because)[,:!.]?\s+)+/i,
  tag: /^(?:right|correct|isn't it|is that right|don't i|am i not|aren't i|you know|yes|no)$/,
  notStated:
    /^(?:if|when|suppose|imagine|say|what|where|which|who|how|why|is|are|do|does|did|can|could|should|would|will|may|have you|am i|pretend|maybe|perhaps|unless|whether|let's say)\b|\b(?:i wish|i think|i guess|i might|i may|i would|i'd|i used to|i was|i lived|if i|would be|might be|not sure)\b/,
  passing:
    /\b(?:today|tonight|tomorrow|yesterday|this (?:week|month|time|morning|evening|weekend|year)|right now|at the moment|for now|just now|next (?:week|month|weekend)|temporarily|until \w+)\b/,
  statements: [
    {
      pattern: new RegExp(
        String.raw`^my (?<slot>${slots}) (?:is|are|was changed to|has changed to) ${now}(?<value>.+)$`,
      ),
      subject: ':slot',
    },
    { pattern: /^(?:you can |please )?call me (?<value>.+)$/, subject: 'name' },
    {
      pattern: new RegExp(String.raw`^${me} (?:called|named) (?<value>.+)$`),
      subject: 'name',
    },
    {
      pattern: new RegExp(
        String.raw`^i (?:${now}(?:live|reside) in|(?:just |recently )?moved to|don't live in|do not live in|no longer live in) (?!(?:an?|my|fear|constant)\b|the (?!hague|netherlands|u[ks]|usa|states|bronx))(?<value>.+)$`,
      ),
      subject: 'home',
    },
    { pattern: new RegExp(String.raw`^${me} (?:living|based) in (?<value>.+)$`), subject: 'home' },
    {
      pattern: new RegExp(String.raw`^(?:${me} (?:originally )?from|i come from) (?<value>.+)$`),
      subject: 'origin',
    },
    {
      pattern: new RegExp(
        String.raw`^${me} (?:${now}|not |no longer )(?:an? )?(?:strict )?(?<value>vegetarian|vegan|pescatarian|a meat[- ]eater)\b.*$`,
      ),
      subject: 'diet',
    },
    { pattern: /^i (?:don't|do not|never|no longer) eat (?<value>meat|animal products)$/, subject: 'diet' },
    {
      pattern: new RegExp(
        String.raw`^i (?:wear|take)(?: an?)? (?:(?:european |eu |uk |us )?size )?(?<value>[\w./½]+) (?:in )?(?<slot>${garment})$`,
      ),
      subject: ':garment',
    },
    {
      pattern: new RegExp(
        String.raw`^(?:i ${now}(?:wear|take)|${me}) (?:an? )?(?:european |eu |uk |us )?size (?<value>[\w./½]+)(?: (?:in|for|of) (?<slot>${garment}))?$`,
      ),
      subject: ':garment',
    },
    {
      pattern: new RegExp(
        String.raw`^${me} ${now}(?<value>\d[\d.,]* ?(?:cm|m|metres?|meters?|feet|ft|foot)(?: ?\d+)?(?: inches)?)(?: tall)?$`,
      ),
      subject: 'height',
    },
    {
      pattern: new RegExp(String.raw`^${me} ${now}(?<value>\d{1,3}) years old$`),
      subject: 'age',
    },
    { pattern: new RegExp(String.raw`^${me} (?<value>left|right)[- ]handed$`), subject: 'hand' },
    { pattern: /^i work (?:as an?|as) (?<value>.+)$/, subject: 'job' },
    { pattern: new RegExp(String.raw`^${me} (?:now )?an? (?:\w+ )?(?<value>${jobs})$`), subject: 'job' },
    {
      pattern: new RegExp(String.raw`^(?:i work|${me} working|${me} employed) (?:at|for) (?<value>.+)$`),
      subject: 'employer',
    },
    { pattern: /^i (?:also )?speak (?<value>[a-z]+(?:(?:,| and) [a-z]+)*)$/, subject: 'language' },
    {
      pattern: new RegExp(
        String.raw`^i ${now}prefer (?<value>.+?)(?: (?:over|to|than|rather than|instead of) .+)?$`,
      ),
      subject: 'prefer:value',
    },
    {
      pattern: new RegExp(
        String.raw`^i ${now}(?:like|love|enjoy|hate|dislike|adore|don't like|do not like|can't stand|cannot stand|don't eat|do not eat|never eat|don't drink|do not drink|never drink) (?!(?:the|this|that|these|those|it|them|your|you|how|what|to (?:know|buy|order|see|have|get))\b)(?<value>.+)$`,
      ),
      subject: 'taste:value',
    },
    { pattern: /^i drive (?!(?:to|from|by|past|home|every|a lot)\b)(?<value>.+)$/, subject: 'car' },
    { pattern: /^i ride (?!(?:to|from|by|past|home|every|a lot)\b)(?<value>.+)$/, subject: 'bike' },
    { pattern: /^i (?:own|play|collect) (?<value>.+)$/, subject: 'own:value' },
    {
      pattern: new RegExp(
        String.raw`^${have} (?:an?|one|two|three|four|some|no|a small|a big|a large|a little|an old|a new)? ?(?:[a-z]+ )?(?<value>${belongings})$`,
      ),
      subject: 'own:value',
    },
    {
      pattern: /^my (?<slot>dog|cat|horse|rabbit|parrot)(?:'s name is| is (?:called|named)) (?<value>.+)$/,
      subject: ':slot',
    },
  ],
  firstPerson: /\b(?:i|me|my|mine|i'm|we|our|us)\b/,
  others:
    /\b(?:(?:my|our|his|her|their|the) (?:wife|husband|partner|spouse|girlfriend|boyfriend|fianc[eé]e?|ex|mother|father|mom|mum|dad|parents?|son|daughter|child|children|kids?|baby|brother|sister|siblings?|grand\w+|uncle|aunt|cousin|niece|nephew|friends?|boss|colleagues?|coworkers?|neighbou?rs?|roommate|flatmate|teacher|doctor|client|customer|employee|teammate)|he|she|his|hers?|him|they|their|them|he's|she's|they're|somebody|someone)\b/,
  commands: {
    remember:
      /^(?:please |could you |can you |would you |will you |kindly |i want you to |i'd like you to )*(?:remember|don't forget|do not forget|keep in mind|bear in mind|make a note|take note|memori[sz]e)(?: for (?:me|next time|later))?(?:[:,]| that| this:?| to)* (?<fact>(?:i|i'm|i've|my|we|our|call me|me)\b.+|.*\b(?:i|i'm|i've|my|me)\b.+)$/,
    forget:
      /^(?:please |could you |can you |would you |will you |kindly |i want you to |i'd like you to )*(?:forget|stop remembering|don't remember|do not remember|no longer remember)(?: about| that| what i (?:said|told you|wrote)(?: about)?| the fact that|:)* (?<fact>(?:i|i'm|i've|my|call me|where i|how old i|how tall i)\b[^,]+)$/,
    forgetAll:
      /^(?:please |could you |can you |would you |kindly )*(?:(?:forget|delete|erase|clear) (?:everything|all|anything)(?: that)?(?: (?:you (?:know|remember|have stored|learned|learnt)(?: about me| of me)?|about me|i(?:'ve| have)? (?:ever )?(?:told|said)(?: to)? ?(?:you)?(?: about (?:me|myself))?))?|(?:delete|erase|clear) (?:your|my|all) memor(?:y|ies)(?: (?:of|about) me)?|forget me)$/,
    switchOn:
      /^(?:please |can you |could you )*(?:(?:turn|switch) (?:on )?(?:my |your |the )?memory(?: on)?|(?:enable|activate) (?:my |your |the )?memory)$/,
    switchOff:
      /^(?:please |can you |could you )*(?:(?:turn|switch) off (?:my |your |the )?memory|(?:turn|switch) (?:my |your |the )?memory off|(?:disable|deactivate) (?:my |your |the )?memory)$/,
  },
  cues: {
    size: 'size fit fits wear wearing shoe shoes boots sneakers clothes shirt trousers jacket dress gloves',
    height: 'tall height size fit frame desk bike mattress bed chair',
    home: 'live lives home city town country ship shipping deliver delivery store stores nearby near closest nearest local weather pick up collect address',
    origin: 'from origin country home',
    name: 'name call called who am',
    diet: 'eat food meal meals recipe recipes snack snacks dish dishes cook cooking menu restaurant vegetarian vegan meat diet dinner lunch breakfast',
    job: 'job work profession career office',
    employer: 'job work employer company office',
    age: 'age old years',
    birthday: 'birthday born gift present celebrate date',
    budget: 'budget price cost spend afford cheap expensive euros dollars under',
    language: 'language speak languages manual',
    hand: 'hand handed left right mouse scissors',
    taste:
      'like likes love dislike hate favourite favorite taste flavour flavor suggest recommend idea ideas',
    prefer: 'prefer preference rather suggest recommend like',
    own: 'have own fits compatible',
    favorite: 'favourite favorite colour color taste kind',
    car: 'car cars drive vehicle tyre tyres tire tires roof rack trunk mat mats fuel parking',
    bike: 'bike bicycle ride helmet tyre tyres tire tires saddle lock basket',
    printer: 'printer print printing ink cartridge cartridges toner paper',
    phone: 'phone mobile case charger cable screen protector',
    laptop: 'laptop computer notebook charger adapter sleeve memory',
    camera: 'camera lens lenses tripod',
    hobby: 'hobby hobbies free time fun gift',
    dog: 'dog dogs pet pets food leash',
    cat: 'cat cats pet pets food litter',
  },
}
