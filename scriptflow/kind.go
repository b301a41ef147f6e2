package scriptflow

// Kind is what a keyword class means to the machine (FEATURES A4.1); its label is free.
type Kind string

const (
	DoNotCall    Kind = "dnc"      // 别再打
	Refusal      Kind = "refusal"  // 拒绝
	Busy         Kind = "busy"     // 在忙
	TransferWish Kind = "transfer" // 转人工
	SMSWish      Kind = "sms"      // 短信
	Custom       Kind = "custom"   // the tenant's own
	Question     Kind = "question" // 一般问题
	Negative     Kind = "negative" // 否定
	Positive     Kind = "positive" // 肯定
)

// Kinds are all kinds, the weightiest first: where one input hits several classes, the first
// of this list decides where the talk goes.
var Kinds = []Kind{DoNotCall, Refusal, Busy, TransferWish, SMSWish, Custom, Question, Negative, Positive}

// rank is the place of k in Kinds; a kind nobody knows comes last.
func (k Kind) rank() int {
	for i, known := range Kinds {
		if k == known {
			return i
		}
	}
	return len(Kinds)
}

func (k Kind) known() bool { return k.rank() < len(Kinds) }

// overrules says whether a hit of k alone decides the turn, so that a question or a yes in
// the same breath is not answered first: 不需要，多少钱都不需要.
func (k Kind) overrules() bool { return k.rank() <= TransferWish.rank() }
