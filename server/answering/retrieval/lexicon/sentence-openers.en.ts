/** Words sentences begin with that no suffix gives away: with a capital they are no names. */
export const sentenceOpenersEn: ReadonlySet<string> = new Set(
  `delivery shipping return refund order payment warranty guarantee item product shop store customer buyer price cost battery
   screen display weight memory storage colour color size power height width depth free standard express support service help
   contact email phone address invoice receipt voucher code discount sale exchange repair account money goods parcel package
   postage tax duty import today tomorrow yesterday since during before after although though if when once until unless
   first second third next last finally also instead otherwise please simply no not never nothing there here what which how
   why who where every each all any some many most several both either neither such laptop notebook computer lamp chair desk
   table bulb camera keyboard mouse printer tablet headphone speaker adult child people person everyone anyone nobody staff
   team company manufacturer brand model unit device type material fabric wood steel oak leather cotton light dark white black
   red green blue yellow grey gray brown new old big small large high low good best great`.split(/\s+/),
)
