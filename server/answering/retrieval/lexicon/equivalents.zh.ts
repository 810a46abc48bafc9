import type { equivalentsEn } from './equivalents.en.ts'

// biome-ignore format: a table of words
export const equivalentsZh: Readonly<Record<keyof typeof equivalentsEn, string>> = {
  black: '黑色 黑', white: '白色 白', red: '红色 红', blue: '蓝色 蓝', green: '绿色 绿', grey: '灰色 灰', silver: '银色 银', gold: '金色',
  brown: '棕色 褐色', yellow: '黄色', pink: '粉色 粉红', purple: '紫色', orange: '橙色', beige: '米色', wood: '木', oak: '橡木',
  leather: '真皮 皮革 皮质', fabric: '布艺 织物', steel: '钢', plastic: '塑料', glass: '玻璃', metal: '金属', mesh: '网布 网面',
  aluminium: '铝', apple: '苹果', lenovo: '联想', dell: '戴尔', hp: '惠普', asus: '华硕', acer: '宏碁 宏基', samsung: '三星',
  huawei: '华为', xiaomi: '小米', microsoft: '微软', sony: '索尼', google: '谷歌', toshiba: '东芝', razer: '雷蛇', msi: '微星',
  philips: '飞利浦', ikea: '宜家', osram: '欧司朗', panasonic: '松下', bosch: '博世', logitech: '罗技', canon: '佳能', intel: '英特尔',
  nvidia: '英伟达', gaming: '游戏', ultrabook: '超极本 轻薄本', workstation: '工作站', ssd: '固态硬盘 固态', hdd: '机械硬盘', office: '办公',
  windows: '视窗', android: '安卓', touchscreen: '触摸屏 触屏',
}
