/** Colours, materials, brands and kinds as shops write them; words for one are separated by blanks. */
// biome-ignore format: a table of words
export const equivalentsEn = {
  black: 'black', white: 'white', red: 'red', blue: 'blue', green: 'green', grey: 'grey gray', silver: 'silver',
  gold: 'gold', brown: 'brown', yellow: 'yellow', pink: 'pink', purple: 'purple', orange: 'orange', beige: 'beige',
  wood: 'wood', oak: 'oak', leather: 'leather', fabric: 'fabric', steel: 'steel', plastic: 'plastic', glass: 'glass',
  metal: 'metal', mesh: 'mesh', aluminium: 'aluminium aluminum', apple: 'apple', lenovo: 'lenovo', dell: 'dell',
  hp: 'hp', asus: 'asus', acer: 'acer', samsung: 'samsung', huawei: 'huawei', xiaomi: 'xiaomi', microsoft: 'microsoft',
  sony: 'sony', google: 'google', toshiba: 'toshiba', razer: 'razer', msi: 'msi', philips: 'philips', ikea: 'ikea',
  osram: 'osram', panasonic: 'panasonic', bosch: 'bosch', logitech: 'logitech', canon: 'canon', intel: 'intel',
  nvidia: 'nvidia', gaming: 'gaming', ultrabook: 'ultrabook', workstation: 'workstation', ssd: 'ssd', hdd: 'hdd',
  office: 'office', windows: 'windows', android: 'android', touchscreen: 'touchscreen',
}
