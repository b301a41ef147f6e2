// What the server says in its own words, in English: it answers in the person's language,
// and so does the mock. Names, scripts and what people said stay as they are.
const sentences = {
  '12 个机器坐席可用': '12 robot seats available', '2 个话术已发布': '2 scripts published', '还没有已发布的话术': 'No script is published yet', '1 个时间模板': '1 time template', '还没有时间模板': 'No time template yet',
  '剩余 968 条短信': '968 SMS left', '未配置公众号，通话结果不会推送到微信': 'No official account is configured: results are not pushed to WeChat',
  '不在外呼时段，14:00 继续': 'Outside calling hours, goes on at 14:00',
  '走完主流程（最后一步“确认并道别”），有效对话 4 轮，问到价格与位置': 'Reached the last step of the main flow (“确认并道别”) in 4 effective rounds; asked for price and location',
  '无人接听，振铃 28 秒': 'No answer, rang for 28 s', '通话时长（秒）': 'Talk time (s)', 有效对话轮数: 'Effective rounds',
  开始呼叫: 'Dialling', 振铃: 'Ringing', 已接听: 'Answered', 已发送短信: 'SMS sent', 机器人挂机: 'Robot hung up', 未接听: 'Not answered', 公众号没有答复: 'The official account did not answer',
  '话术里有 3 处需要修改，已标出位置': '3 places in the script need a change; each is marked', '指向的节点“面积介绍”不存在': 'leads to the node “面积介绍”, which does not exist', 节点没有话术内容: 'the node says nothing', '关键词“不用”重复出现': 'the keyword “不用” is there twice',
  '“商铺面积”指向的节点“面积介绍”不存在': '“商铺面积” leads to the node “面积介绍”, which does not exist', '“考虑一下”同时属于“拒绝”和“肯定”': '“考虑一下” belongs to both “拒绝” and “肯定”',
  '发布话术“云栖湾 · 新房邀约”': 'Publish the script “云栖湾 · 新房邀约”', '导入“11 月客户.xlsx”': 'Import “11 月客户.xlsx”', '导入 468 条，12 条已跳过': '468 imported, 12 skipped',
  '企业代码、账号或密码不对': 'Tenant code, account or password is wrong', '4 个任务正在使用这个话术，不能删除': '4 campaigns use this script; it cannot be deleted',
}

/** inEnglish is a body as the server would send it to who reads English. */
export function inEnglish(body) {
  if (Array.isArray(body)) return body.map(inEnglish)
  if (body && typeof body === 'object') return Object.fromEntries(Object.entries(body).map(([k, v]) => [k, inEnglish(v)]))
  return sentences[body] ?? body
}
