/**
 * What shops and their customers say in several ways, by meaning; words and phrases are separated by "|", as written in the
 * singular or infinitive. "-" stands before what denies the meaning, "=" before a form that means it as written only.
 */
// biome-ignore format: a table of words
export const meaningsEn = {
  stock: 'in stock|stock|-out of stock|-sold out',
  available: 'in stock|stock|available|availability|-out of stock|-sold out|-unavailable',
  free: 'free|free of charge|free of cost|no charge|no extra charge|no additional charge|without charge|at no cost|no cost|no extra cost|no additional cost|without extra cost|for nothing|cost nothing|pay nothing|complimentary|no delivery charge|no delivery fee|no fee|no shipping cost',
  include: 'include|come with|=comes with|cover|apply to|apply|part of the|-exclude|-sold separately|-=separately|-=costs extra|-=cost extra|-charged extra',
  open: '=open|=opens|=opening|open on|business hour|-=closed|-=close|-=closes|-=closing|-shut',
  sealed: 'sealed|=unopened|-=opened|-unsealed|-opened',
  used: 'used|worn|-unused|-unworn',
  fresh: 'brand-new|=new|-second-hand|-secondhand|-pre-owned|-refurbished',
  allow: 'allow|permit|possible|welcome|eligible|accept|-forbid|-forbidden|-prohibit|-refuse|-reject|-impossible|-ineligible',
  need: 'need|require|necessary|must|have to|has to|compulsory|mandatory|obligatory|-optional|-unnecessary',
  after: '=after|following|=later|=afterwards|-=before|-prior to|-=beforehand|-in advance|-=ahead',
  inside: 'indoor|indoors|=inside|-outdoor|-outdoors|-=outside',
  online: 'online|-offline',
  handed: '=right-handed|-=left-handed',
  wired: 'wired|corded|-cordless|-wireless',
  damaged: 'damaged|damage|defective|faulty|-undamaged|-intact',
  return: 'return|send back|send it back|send them back',
  exchange: 'exchange|swap|replace|replacement|switch|redeem',
  refund: 'refund|money back|money|reimburse|reimbursement',
  buy: 'buy|purchase',
  cancel: 'cancel|cancellation|terminate|call off',
  forget: 'forget|forgot|forgotten',
  cabin: 'cabin|hand luggage|carry on luggage|take on the plane|on board',
  expire: 'expire|expiry|valid|validity|run out',
  hold: 'hold|=kept|reserve',
  collect: 'collect|collection|pick up|pickup|pick-up|picking up|picked up',
  fee: 'fee|charge|surcharge',
  deposit: 'deposit|security deposit',
  rent: 'rent|rental|hire|lease',
  repair: 'repair|fix|mend',
  install: 'install|installation|assembly|assemble|set up',
  fold: 'fold|foldable|folding|collapsible',
  child: 'child|children|kid',
  member: 'member|membership',
  seller: 'seller|retailer|merchant|vendor',
  buyer: 'customer|buyer|client|shopper|visitor',
  parcel: 'parcel|package|packet|shipment',
  mail: 'email|e-mail|mail',
  phone: 'phone|telephone|call|hotline|ring',
  discount: 'discount|reduction|rebate|% off',
  giftcard: 'gift card|gift voucher|gift certificate',
  voucher: 'voucher|coupon|store credit|promo code|discount code',
  cash: 'cash',
  card: 'credit card|debit card',
  invoice: 'invoice|bill',
  receipt: 'receipt|proof of purchase|sales slip',
  point: 'point|loyalty point',
  battery: 'run for|battery life|runtime|run time',
  charging: 'charge by|charged by|charge in|charged in|recharge|rechargeable|charging',
  waterproof: 'waterproof|water-resistant|water resistant|splash-proof|water-repellent',
  washable: 'washable|machine-washable',
  organic: 'organic',
  handmade: 'handmade|hand-made|hand-built|handcrafted|by hand',
  spacing: 'spacing|apart|distance',
  size: 'size',
  box: 'box|packaging',
  tag: 'tag|label',
  island: 'island',
  gift: 'gift|present|giveaway|freebie',
  sample: 'sample|tester',
  pet: 'pet|animal',
  advance: 'book|booking|reservation|appointment|sign up|register',
  origin: 'origin|produced in|come from|=comes from',
  instalment: 'instalment|installment|pay later',
  same: 'same',
  bluetooth: 'bluetooth',
  lifetime: 'lifetime|for life|forever|permanent|unlimited',
  complete: 'in full|full refund|entire amount|all your money',
  sustainable: 'sustainable|eco-friendly|recyclable|recycled',
  month: '=monthly|a month|per month|every month|each month',
  week: '=weekly|a week|per week|every week|each week',
  daily: '=daily|a day|per day|every day|each day',
  year: '=yearly|=annual|=annually|a year|per year|every year|each year',
  hourly: '=hourly|an hour|per hour|every hour',
} as const satisfies Readonly<Record<string, string>>

/** Verbs and adjectives that carry a sentence and add nothing to what it says. */
export const carryingEn = `
  today smallest largest lowest highest minimum maximum accompany add adult allow already also although always another anyone anything apart arrange arrive ask
  assist aware back base bear become before begin belong between bring brother call can certain
  choice choose choosing chosen claim clear close come consider consist contact contain continue correct count couple credit current
  currently customer day decide describe desire detail do done due during each earlier either else end
  enough enter equal equip etc even eventually ever everything exact exactly expect fact fall feel few find
  fit fitted following forget form fortunately from further general generally get give given go 
  handle happen have hear hello help hesitate hi hold hope however in-depth indeed inform
  instead item join just keep kind kindly know last later lead leave left less let like likewise list listed little live long look
  lot main make mean meaning means measure meet mention merely mind moment more moreover must name namely need needed new next
  normal normally note notice now number obtain occur offer often ok okay once one online opt option order otherwise overall
  own pack part particular particularly pass per person piece place placed pleasure plus possible prefer 
  proceed process produce provide provided put quite rather reach read ready really receive regard regarding
  regular remain remember request right rough roughly run say see sell send sent separate serve service set shop
  short show side simple simply since sincerely so sold sorry specific specifically spend stand start state stated stay
  still store straight straightaway such suit suitable supply sure take taken tell term thank thanks therefore thing think
  though through throughout thus time together top total toward true turn type typically under unfortunately until upon use
  used useful user using usual usually value via wait want way well whether whole wish within without work
  would write yes yet you yourself younger older
  concern people folks guest whoever accord accordingly act actual actually amount applicable appear around`
