/** What models call a source inside a mark, the longer before what they end with. */
export const sourceNamesZh = ['资料来源', '来源', '出处', '引用', '参考', '文档', '资料']
