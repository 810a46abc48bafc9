/**
 * What things are called, in both languages: one kind a line, called by its first word; behind ">" are narrower ones that
 * asking for it accepts. Single English words are separated by blanks, phrases by "|".
 */
export const kindTable = `
laptop notebook|笔记本电脑|笔记本|手提电脑|笔电|游戏本|轻薄本 > ultrabook netbook chromebook macbook
ultrabook|超极本
netbook|上网本
chromebook
macbook
computer pc|电脑|计算机 > laptop desktop tablet
desktop|desktop computer|desktop pc|台式机|台式电脑
tablet ipad|平板电脑|平板
phone smartphone cellphone iphone|mobile phone|cell phone|手机
monitor screen display|显示器|显示屏|屏幕
television tv telly|电视机|电视
projector|投影仪
printer|打印机
router|路由器
camera camcorder|相机|摄像机
headphone headset earphone|耳机 > earbud
earbud earpod|耳塞|入耳式耳机
speaker loudspeaker soundbar|音箱|音响
microphone|麦克风
keyboard|机械键盘|键盘
mouse mice|鼠标
console|游戏机
watch smartwatch|手表|腕表
lamp lantern lighting|台灯|落地灯|夜灯|灯具|灯 > bulb lantern
bulb lightbulb|light bulb|灯泡
lantern torch flashlight|手电筒|提灯
chair|办公椅|餐椅|座椅|椅子|椅 > stool armchair
stool|凳子|凳
armchair recliner|扶手椅
sofa couch|沙发
desk|书桌|办公桌|升降桌|电脑桌
table|桌子|餐桌|茶几|桌 > desk
shelf bookshelf bookcase|书架|架子
wardrobe cupboard cabinet|衣柜|柜子
bed|床
mattress|床垫
pillow|枕头
carpet rug|地毯
curtain|窗帘
bag handbag|手提包|包包 > backpack suitcase
backpack rucksack|背包|书包|双肩包
suitcase luggage|行李箱|旅行箱
shoe sneaker trainer|运动鞋|鞋子|鞋 > boot sandal
boot|靴子
sandal|凉鞋
dress gown|连衣裙|裙子 > skirt
skirt|半身裙
shirt blouse tshirt|t-shirt|衬衫|T恤
trousers pants jeans|裤子|牛仔裤
jacket coat hoodie|外套|夹克|大衣
sweater pullover jumper|毛衣
sock|袜子
hat|帽子
glove|手套
scarf|围巾
jewelry jewellery necklace bracelet earring|首饰|项链|手镯|耳环
sunglasses|太阳镜|墨镜
perfume|香水
bicycle bike ebike|自行车|单车
scooter|滑板车
car automobile|汽车|轿车
motorcycle motorbike|摩托车
book|书籍|图书
toy|玩具
guitar|吉他
piano|钢琴
fridge refrigerator freezer|冰箱
oven|烤箱
microwave|微波炉
dishwasher|洗碗机
washing machine|washer|洗衣机
vacuum|vacuum cleaner|吸尘器
kettle|水壶
toaster|烤面包机
coffee machine|coffee maker|espresso machine|咖啡机
blender|搅拌机
pan|frying pan|平底锅
knife knives|刀具
fan|电风扇|风扇
heater|取暖器
drill|电钻
saw|锯子
tent|帐篷
sleeping bag|睡袋`

/** Chinese words that say more than the kind, as English catalogues say it. */
export const specificWords: ReadonlyMap<string, readonly string[]> = new Map([
  ['台灯', ['desk lamp', 'table lamp']],
  ['落地灯', ['floor lamp']],
  ['夜灯', ['night lamp', 'bedside lamp']],
  ['办公椅', ['office chair', 'task chair']],
  ['餐椅', ['dining chair']],
  ['升降桌', ['standing desk']],
  ['书桌', ['writing desk']],
  ['游戏本', ['gaming laptop']],
  ['机械键盘', ['mechanical keyboard']],
])
