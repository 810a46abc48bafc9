import type { ProductTypeWords } from './product-types.ts'

// biome-ignore format: a table of words
export const productTypesZh: Partial<ProductTypeWords> = {
  laptop: '笔记型电脑|笔记本电脑|笔记本|手提电脑|笔电|游戏本|轻薄本', ultrabook: '超极本', netbook: '上网本', computer: '电脑|计算机', desktop: '台式机|台式电脑',
  tablet: '平板电脑|平板', phone: '手机', monitor: '显示器|显示屏|屏幕|荧幕|萤幕', television: '电视机|电视', projector: '投影仪', printer: '打印机',
  router: '路由器', camera: '相机|摄像机', headphone: '耳机', earbud: '耳塞|入耳式耳机', speaker: '音箱|音响', microphone: '麦克风',
  keyboard: '机械键盘|键盘', mouse: '鼠标|滑鼠', console: '游戏机', watch: '手表|腕表', lamp: '台灯|落地灯|夜灯|灯具|灯', bulb: '灯泡',
  lantern: '手电筒|提灯', chair: '办公椅|餐椅|座椅|椅子|椅', stool: '凳子|凳', armchair: '扶手椅', sofa: '沙发', desk: '书桌|办公桌|升降桌|电脑桌',
  table: '桌子|餐桌|茶几|桌', shelf: '书架|架子', wardrobe: '衣柜|柜子', bed: '床', mattress: '床垫', pillow: '枕头', carpet: '地毯',
  curtain: '窗帘', bag: '手提包|包包', backpack: '背包|书包|双肩包', suitcase: '行李箱|旅行箱', shoe: '运动鞋|鞋子|鞋', boot: '靴子', sandal: '凉鞋',
  dress: '连衣裙|裙子', skirt: '半身裙', shirt: '衬衫|T恤', trousers: '裤子|牛仔裤', jacket: '外套|夹克|大衣', sweater: '毛衣', sock: '袜子',
  hat: '帽子', glove: '手套', scarf: '围巾', jewelry: '首饰|项链|手镯|耳环', sunglasses: '太阳镜|墨镜', perfume: '香水', bicycle: '自行车|单车',
  scooter: '滑板车', car: '汽车|轿车', motorcycle: '摩托车', book: '书籍|图书', toy: '玩具', guitar: '吉他', piano: '钢琴', fridge: '冰箱',
  oven: '烤箱', microwave: '微波炉', dishwasher: '洗碗机', 'washing machine': '洗衣机', vacuum: '吸尘器', kettle: '水壶',
  toaster: '烤面包机', 'coffee machine': '咖啡机', blender: '搅拌机', pan: '平底锅', knife: '刀具', fan: '电风扇|风扇', heater: '取暖器',
  drill: '电钻', saw: '锯子', tent: '帐篷', 'sleeping bag': '睡袋',
}

/** Words that say more than the type, as English catalogues say it. */
export const specificWordsZh: readonly (readonly [word: string, types: readonly string[]])[] = [
  ['台灯', ['desk lamp', 'table lamp']],
  ['落地灯', ['floor lamp']],
  ['夜灯', ['night lamp', 'bedside lamp']],
  ['办公椅', ['office chair', 'task chair']],
  ['餐椅', ['dining chair']],
  ['升降桌', ['standing desk']],
  ['书桌', ['writing desk']],
  ['游戏本', ['gaming laptop']],
  ['机械键盘', ['mechanical keyboard']],
]

/** Parts of things, and things for them. */
export const accessoryNounsZh =
  '壳|套|支架|配件|贴膜|膜|滤芯|滤网|腿|脚垫|垫|罩|布|架|盒|收纳|充电|线|带|清洁|刷|盖|替换|保护|挂钩|包|锁'
