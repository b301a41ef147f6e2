package mandarin

import "strings"

// phrases are words whose reading differs from the usual one of their
// characters, kept to what is said on the telephone.
var phrases, longestPhrase = parsePhrases(`
银行 yin2 hang2
行业 hang2 ye4
同行 tong2 hang2
行情 hang2 qing2
一行 yi4 hang2
便宜 pian2 yi
重新 chong2 xin1
重复 chong2 fu4
重庆 chong2 qing4
长沙 chang2 sha1
长期 chang2 qi1
长时间 chang2 shi2 jian1
多长 duo1 chang2
长短 chang2 duan3
长城 chang2 cheng2
长安 chang2 an1
长江 chang2 jiang1
音乐 yin1 yue4
乐器 yue4 qi4
睡觉 shui4 jiao4
了解 liao3 jie3
了不起 liao3 bu4 qi3
受不了 shou4 bu4 liao3
不了 bu4 liao3
还款 huan2 kuan3
还贷 huan2 dai4
还钱 huan2 qian2
偿还 chang2 huan2
首都 shou3 du1
成都 cheng2 du1
都市 du1 shi4
都会 dou1 hui4
调查 diao4 cha2
调整 tiao2 zheng3
空调 kong1 tiao2
出差 chu1 chai1
差不多 cha4 bu4 duo1
参差 cen1 ci1
朝阳 chao2 yang2
会计 kuai4 ji4
率领 shuai4 ling3
认为 ren4 wei2
成为 cheng2 wei2
作为 zuo4 wei2
应答 ying4 da2
反应 fan3 ying4
供应 gong1 ying4
适应 shi4 ying4
相信 xiang1 xin4
照相 zhao4 xiang4
中奖 zhong4 jiang3
中标 zhong4 biao1
种植 zhong4 zhi2
爱好 ai4 hao4
教书 jiao1 shu1
数一数 shu3 yi1 shu3
没收 mo4 shou1
觉得 jue2 de
记得 ji4 de
值得 zhi2 de
舍得 she3 de
晓得 xiao3 de
懂得 dong3 de
得到 de2 dao4
得了 de2 le
取得 qu3 de2
我得 wo3 dei3
就得 jiu4 dei3
慢慢地 man4 man4 de
什么 shen2 me
怎么 zen3 me
为什么 wei4 shen2 me
那么 na4 me
这么 zhe4 me
多少 duo1 shao
时候 shi2 hou
先生 xian1 sheng
朋友 peng2 you
意思 yi4 si
消息 xiao1 xi
房子 fang2 zi
孩子 hai2 zi
认识 ren4 shi
知道 zhi1 dao4
告诉 gao4 su
麻烦 ma2 fan
清楚 qing1 chu
明白 ming2 bai
客气 ke4 qi
东西 dong1 xi
谢谢 xie4 xie
妈妈 ma1 ma
爸爸 ba4 ba
关系 guan1 xi
商量 shang1 liang
打量 da3 liang
丈量 zhang4 liang2
测量 ce4 liang2
处理 chu3 li3
处罚 chu3 fa2
相处 xiang1 chu3
分数 fen1 shu4
部分 bu4 fen4
充分 chong1 fen4
身份 shen1 fen4
发型 fa4 xing2
理发 li3 fa4
当作 dang4 zuo4
适当 shi4 dang4
倒车 dao4 che1
单于 chan2 yu2
角色 jue2 se4
供给 gong1 ji3
给予 ji3 yu3
给 gei3
结实 jie1 shi
几乎 ji1 hu1
尽管 jin3 guan3
尽快 jin3 kuai4
尽量 jin3 liang4
间接 jian4 jie1
卷子 juan4 zi
看守 kan1 shou3
难民 nan4 min2
宁可 ning4 ke3
切实 qie4 shi2
一切 yi2 qie4
曲折 qu1 zhe2
散步 san4 bu4
厦门 xia4 men2
大厦 da4 sha4
少年 shao4 nian2
盛饭 cheng2 fan4
似的 shi4 de
似乎 si4 hu1
提防 di1 fang
血型 xue4 xing2
兴趣 xing4 qu4
高兴 gao1 xing4
要求 yao1 qiu2
载重 zai4 zhong4
涨价 zhang3 jia4
着急 zhao2 ji2
睡着 shui4 zhao2
找着 zhao3 zhao2
转圈 zhuan4 quan1
作坊 zuo1 fang
大夫 dai4 fu
目的 mu4 di4
的士 di1 shi4
的确 di2 que4
地方 di4 fang
地铁 di4 tie3
弹性 tan2 xing4
传记 zhuan4 ji4
薄荷 bo4 he
露面 lou4 mian4
落下 luo4 xia4
模样 mu2 yang4
强迫 qiang3 po4
号码 hao4 ma3
电话 dian4 hua4
南京 nan2 jing1
蚌埠 beng4 bu4
台州 tai1 zhou1
喂 wei2
嗯 en
嗯嗯 en4 en4
哦 o2
哪 na3
幺 yao1
谁 shei2
咱 zan2
艾特 ai4 te4
单 dan1
`)

func parsePhrases(table string) (map[string][]string, int) {
	m, longest := make(map[string][]string), 0
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		m[f[0]] = f[1:]
		longest = max(longest, len([]rune(f[0])))
	}
	return m, longest
}
