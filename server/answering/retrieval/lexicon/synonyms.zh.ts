import type { servicesEn, usesEn } from './synonyms.en.ts'
import type { SynonymGroups } from './synonyms.ts'

/** What shops do, by the first English word for it. */
// biome-ignore format: a table of words
export const servicesZh: SynonymGroups<typeof servicesEn> = {
  delivery: '配送|发货|送货|运送|运输|物流|快递|送达|寄',
  return: '退货|退换|退回|退掉',
  refund: '退款|退钱|到账',
  repair: '维修|修理|修',
  warranty: '保修|质保',
  pay: '付款|支付|付钱',
  exchange: '换货|调换',
  broken: '坏了|损坏|故障|破损|质量问题',
  cancel: '取消|撤回|撤销',
  invoice: '发票|账单',
  instalment: '分期',
  discount: '折扣|优惠|打折|便宜点',
  voucher: '代金券|优惠券|礼品卡',
  contact: '联系|电话|邮箱|邮件',
  'opening hours': '营业时间|开门|关门|营业|几点',
  showroom: '展厅|门店|实体店|地址',
  'pick up': '自取|取货|自提',
  track: '物流查询|跟踪|查询',
  lost: '丢失|没有收到|没收到',
  company: '企业|公司',
  school: '学校|教育',
  rent: '租赁|租用|租',
  complaint: '投诉',
  customs: '关税|进口税',
  tax: '税|增值税',
  clean: '清洁|清洗',
  'spare part': '配件|备件|零件',
  installation: '安装|组装',
  'old device': '旧设备|回收',
}

/** What things are for, and how they are. */
// biome-ignore format: a table of words
export const usesZh: SynonymGroups<typeof usesEn> = {
  video: '视频|剪辑',
  photo: '照片|摄影|修图',
  gaming: '游戏|电竞',
  office: '办公',
  study: '学习|学生|上学|大学',
  travel: '旅行|出差|旅游|通勤',
  'noise cancelling': '降噪',
  music: '音乐',
  call: '通话|会议',
  developer: '编程|开发|程序员',
  design: '设计',
  sport: '运动|跑步|健身',
  quiet: '安静|静音',
  wireless: '无线|蓝牙',
  waterproof: '防水|防溅',
  curved: '曲面',
  mechanical: '机械',
  'battery life': '电池|续航',
  camping: '露营|户外',
}
