/** Words of shops that the dictionary of Intl.Segmenter takes apart into signs, which say little by themselves. */
export const dictionaryZh = `客服 材质 面料 色号 尺码 码数 硅胶 纯棉 羊绒 真丝 铝合金 羽绒服 冲锋衣 卫衣 速干衣 双肩包 公文包 登机箱 登山包 密码锁 防雨罩
  拿铁 手冲 奶泡 磨豆机 普洱 滤芯 花洒 电饭煲 破壁机 扫地机 加湿器 除湿机 微波炉 电磁炉 燃气灶 充电宝 数据线 快充 降噪 显卡 刷新率 手环 静音
  面膜 保湿 补水 敏感肌 纸尿裤 拉拉裤 婴儿车 童车 猫粮 狗粮 猫砂 渔具 自行车 胸围 腰围 净含量 保质期
  包邮 到付 花呗 白条 专票 普票 运费险 优惠券 满减 预售 发货 顺丰 次日达 自提 门店 保修 质保 售后 团购 礼盒 正品 防伪 差评 好评 节假日`
