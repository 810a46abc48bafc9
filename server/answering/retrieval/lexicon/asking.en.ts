import type { Asking } from './asking.ts'

export const askingEn: Asking = {
  cues: {
    whether: /^(?:and |but |so )?(?:does|do|is|are|am|has|have|can|could|may|must|should|will)\b/i,
    how: /\bhow (?:do|can|to|should|would|does one)\b|\b(?:steps|procedure|instructions)\b/i,
    why: /\b(?:why|because|reason)\b/i,
    howMuch:
      /\bhow much(?:['’]s| (?:is|are|for|would|will|money|cost|to pay)\b|(?: do(?:es)?(?: \S+){1,6} cost)|[?!. ]*$)/i,
    comparison: /\b(?:compar\w*|versus|vs|difference|differ|better|against|or)\b/i,
    versus: /\b(?:compar\w*|versus|vs|differen\w*|differ)\b/i,
    products:
      /\b(?:which|what (?:kind|sort|other)|any|show|list|recommend|suggest|find|looking for|search|need an?|want an?|options?|alternatives?|something|do you (?:have|sell)|is there an?|are there|cheapest|best|products|items|models|devices)\b/i,
    wish: /\b(?:which|what|any|need|want|looking for|searching|recommend|suggest|show|best|good|is there|are there|do you (?:have|sell))\b/i,
    anything:
      /\b(?:something|anything|everything|products?|items?|things?|gifts?|presents?|options?|for (?:my|a|his|her) (?:mum|mom|mother|dad|father|parents|wife|husband|girlfriend|boyfriend|partner|friend|son|daughter|sister|brother|boss|colleague|gran\w*)|what (?:else )?(?:do you (?:have|sell|offer)|have you got))\b/i,
    refersBack:
      /\b(?:it(?!\s(?:possible|safe|true|ok(?:ay)?|allowed|necessary|take|takes|cost to|worth)\b)|its|it['’]s|this|that|these|those|they|their|them|the same|one|the (?:two|three|first|second|last|other)|both)\b/i,
    refersToSeveral:
      /\b(?:they|them|their|these|those|both|the (?:two|three|four)|which(?: one)?|ones|all of|cheapest|lightest|best)\b/i,
    available: /\b(?:available|availability|in stock|left|on hand)\b/i,
    pointsAtPage: /\bthis\b/i,
    continues:
      /^(?:and|or|but)\b(?!.{60})|^(?:and|or|but)\b|\b(?:it|its|it's|that one|this one|they|them|their|those|these|the (?:same|other|first|second|last)(?: one)?|what about|how about)\b/i,
    category: /categor/i,
  },
  smallTalk: {
    greeting:
      /^(?:hi+|hello|hey+|hiya|howdy|yo|sup|good (?:morning|afternoon|evening|day)|greetings)(?: there| all| guys| everyone| again)?$/i,
    thanks:
      /^(?:ok(?:ay)? |great |perfect |cool )?(?:(?:many )?thanks?(?: you)?(?: (?:so|very) much| a lot| for .{1,40})?|thx|ty|cheers|much appreciated)(?: bye)?$/i,
    goodbye:
      /^(?:(?:ok(?:ay)?|thanks?|thank you)[ ,]+)?(?:(?:good)?bye(?: bye)?|see (?:you|ya)|have a (?:nice|good|great|lovely) (?:day|evening|night|one|weekend)|good night|take care|cya)(?:[ ,!.]+(?:and )?(?:(?:good)?bye|have a (?:nice|good|great|lovely) (?:day|evening|night|one|weekend)|see you(?: later| soon)?|thanks?|thank you))*$/i,
    person:
      /\b(?:talk|speak|chat|connect|transfer|get|want|need)\b.{0,24}\b(?:human|person|agent|someone|somebody|representative|operator|colleague|staff|people)\b|^(?:a )?(?:real )?(?:human|person|agent|operator)(?: please)?$/i,
    robot:
      /\b(?:are|r) (?:you|u) (?:a |an |really |actually )*(?:real|robot|bot|chatbot|human|person|machine|computer|ai|gpt|chatgpt|program)\b|\b(?:am i|is this|are we) (?:talking|speaking|chatting)?\s?(?:to|with)?\s?(?:a |an )(?:real |actual )?(?:robot|bot|human|person|machine|ai)\b|^(?:robot|bot|human) or (?:robot|bot|human)$/i,
    wellbeing:
      /^(?:hi|hello|hey)?[ ,]*(?:how (?:are|r) (?:you|u|things)(?: doing)?(?: today)?|how(?:'s| is) it going|how do you do|what'?s up|wassup)$/i,
    abilities:
      /^(?:help(?: me)?(?: please)?|please help(?: me)?|(?:can|could) (?:you|u) help(?: me)?(?: please)?|i need (?:some )?help|who (?:are|r) (?:you|u)(?: and what can (?:you|u) do)?|what (?:can|do) (?:you|u) do(?: for me)?|what (?:are|r) (?:you|u)|how (?:can|do) (?:you|u) (?:help|work)(?: me)?|what can i ask(?: you)?)$/i,
    acknowledged:
      /^(?:(?:lol|haha+|ok(?:ay)?|k|great|perfect|cool|nice|fine|alright|all right|got it|i see|sure|yes|no|yep|nope|awesome|wow|good|super|never ?mind|hm+)[ ,!.]*)+$/i,
    anger:
      /\b(?:you(?:'re| are| r)|this (?:bot|chat|thing|shop|service) is|u r|ur)\s+(?:so |such an? |really |completely |totally |absolutely |fucking |an? )*(?:useless|stupid|dumb|idiot\w*|terrible|awful|rubbish|garbage|trash|worst|horrible|a joke|shit|crap|hopeless|pathetic|liar)\b|\b(?:fuck|shit|wtf|screw you|piss off|shut up)\b|^(?:useless|terrible|awful|rubbish|idiots?|stupid(?: bot)?|this is ridiculous|ridiculous)$/i,
  },
  answers: {
    price: /\bhow much\b|\b(?:price|cost|costs|fee|fees|charge|expensive)\b/i,
    duration: /\bhow (?:long|soon|fast|quickly|old|many (?:days|weeks|months|hours|years))\b/i,
    clock:
      /\b(?:what time|what hours|(?:opening|business|working) hours|opening times|when\b.{0,30}\b(?:open|close|closed)|till when)\b/i,
    time: /\b(?:when|which (?:day|date)|deadline|how often)\b/i,
    count: /\bhow (?:many|far|heavy|big|large|tall)\b/i,
  },
  headings: {
    price: [],
    duration: ['time', 'period'],
    clock: ['time', 'hour'],
    time: ['time', 'hour'],
    count: [],
  },
  nextQuestion:
    /[?？\n]+|[,，]?\s+and (?=(?:how|what|when|where|which|who|can|do|does|is|are)\b)|(?<=^\s*(?:can|could|do|does|is|are|will|how|what|when|where|who)\b[^,?]{8,120}),\s+(?=(?:how|what|when|where|who|can (?:i|you|we)|do (?:i|you)|is (?:it|there|that)|are there)\b)/i,
  joint: /\s*(?:,\s*)?(?:\band|&|\+)\s+(?:the |its |their )?/i,
  must: /\b(?:need|needed|must|have to|has to|required?|necessary|mandatory|obligatory)\b/i,
  ownOrder: /\border(?: no\.?| number| id)?[\s:]*(?:#\s?)?[a-z-]{0,6}\d[a-z\d-]{3,20}\b/i,
  opening:
    /^(?:(?:hi+|hello|hey+|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|greetings|dear (?:team|sir|madam|all)|ok(?:ay)?|so|well|right|sorry|excuse me|please|thanks|pls|um+|lol)(?: there| all| guys| team| everyone)?(?:[\s,!.:-]+|$))+/i,
  request:
    /\b(?:(?:wanted?|would like|like|love|trying|need) to (?:know|ask|find out)(?: is| was)?(?: if| whether)?|(?:wondering|asking|tell me|know|see)(?: if| whether)|my question is|question(?: is)?:|how (?:long|much|many|old|big|heavy|far|soon|fast|often|do|can|to|does|should|would|is|are)\b|what(?:'s| is| are| do| does| can| would| kind| size| about)\b|which\b|when (?:do|does|will|is|are|can)\b|where (?:do|is|are|can)\b|is (?:it|there|this|that|the|your)\b|are (?:there|they|these|your|the)\b|can (?:i|you|we|it|they|this)\b|could (?:i|you|we)\b|do (?:you|i|they|these)\b|does (?:it|this|the|your)\b|may i\b|will (?:it|you|the|this)\b|should i\b|looking for\b|i(?:'m| am)? (?:need|want|look)(?:ing)?\b|recommend)/i,
  condition: /(?<=\S.{6}),?\s(?:if|in case|because|since)\s/i,
  lack: /\bwithout\s.+/i,
  reason: /,?\s(?:because|since|as) (?:i|we|she|he|they|my|the|it|our)\b.*$/i,
  calendar:
    /^(?:mon|tues|wednes|thurs|fri|satur|sun)days?$|^weekends?$|^(?:bank |public )?holidays?$|^(?:christmas|easter|january|february|april|june|july|august|september|october|november|december)$/i,
  idioms: [
    [
      /\bwho(?:['’]ll| will| would| has to| must)? (?:pays?|bears?|covers?)(?: the (?:costs?|price) (?:of|for))?(?: for)?\b(?= \S)/gi,
      'how much is',
    ],
    [/(?<=\border(?: no\.?| number| id)?)[\s:]*(?:#\s?)?(?=[a-z-]{0,6}\d)[a-z\d-]{4,20}\b/gi, ''],
    [/\bwhat(?:['’]?s| is) the damage (?:for|on)\b/gi, 'how much is'],
    [/\bhow much (?:does|do) (.{1,60}?) (?:set (?:me|us) back|run(?: me)?)\b/gi, 'how much is $1'],
    [/\bu\b/gi, 'you'],
    [/\bur\b/gi, 'your'],
    [/\bgimme\b/gi, 'give me'],
    [/\b(?:plz|pls)\b/gi, 'please'],
  ],
  medical:
    /\b(?:fever|headache|symptoms?|diagnos\w+|prescri\w+|medicines?|medication|doctor|dosage|infection|nausea|vomit\w*|chest pain|pregnan\w+|allergic reaction|disease|illness)\b/i,
}
