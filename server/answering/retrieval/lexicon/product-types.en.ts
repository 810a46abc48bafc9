/** Each called by its English name; behind it other words for it, separated by "|". */
// biome-ignore format: a table of words
export const productTypesEn = {
  laptop: 'notebook', ultrabook: '', netbook: '', chromebook: '', macbook: '', computer: 'pc',
  desktop: 'desktop computer|desktop pc', tablet: 'ipad', phone: 'smartphone|cellphone|iphone|mobile phone|cell phone',
  monitor: 'screen|display', television: 'tv|telly', projector: '', printer: '', router: '', camera: 'camcorder',
  headphone: 'headset|earphone', earbud: 'earpod', speaker: 'loudspeaker|soundbar', microphone: '', keyboard: '',
  mouse: 'mice', console: '', watch: 'smartwatch', lamp: 'lantern|lighting', bulb: 'lightbulb|light bulb',
  lantern: 'torch|flashlight', chair: '', stool: '', armchair: 'recliner', sofa: 'couch', desk: '', table: '',
  shelf: 'bookshelf|bookcase', wardrobe: 'cupboard|cabinet', bed: '', mattress: '', pillow: '', carpet: 'rug',
  curtain: '', bag: 'handbag', backpack: 'rucksack', suitcase: 'luggage', shoe: 'sneaker|trainer|kicks', boot: '', sandal: '',
  dress: 'gown', skirt: '', shirt: 'blouse|tshirt|t-shirt', trousers: 'pants|jeans', jacket: 'coat|hoodie',
  sweater: 'pullover|jumper', sock: '', hat: 'cap|beanie', glove: '', scarf: '', jewelry: 'jewellery|necklace|bracelet|earring',
  sunglasses: '', perfume: '', bicycle: 'bike|ebike|e-bike', scooter: '', car: 'automobile', motorcycle: 'motorbike', book: '',
  toy: '', guitar: '', piano: '', fridge: 'refrigerator|freezer', oven: '', microwave: '', dishwasher: '',
  'washing machine': 'washer', vacuum: 'vacuum cleaner', kettle: '', toaster: '',
  'coffee machine': 'coffee maker|espresso machine', blender: '', pan: 'frying pan', knife: 'knives', fan: '',
  heater: '', drill: '', saw: '', tent: '', 'sleeping bag': '',
}

/** Parts of things, and things for them. */
export const accessoryNounsEn =
  'accessor(?:y|ie)|case|cover|stand|sleeve|holder|mount|bracket|leg|feet|strap|charger|charging|cable|adapter|adaptor|bag|mat|pad|protector|organi[sz]er|cleaner|cleaning|filter|replacement|spare|part|shade|refill|pouch|hook|remote|dock|frame|rack|tray|box|lid|brush|care|polish|kit|tool|oil|topper|cushion|pillowcase|sheet|runner|protection|pump|lock|basket|rest|light|lamp'
