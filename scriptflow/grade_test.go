package scriptflow_test

import (
	"strings"
	"testing"

	"yingda/platform/locale"
	"yingda/scriptflow"
)

func TestGrade(t *testing.T) {
	hit := func(k scriptflow.Kind, word string) scriptflow.Hit {
		return scriptflow.Hit{Class: string(k), Label: string(k), Kind: k, Keyword: word, At: 65_000,
			CountsA: k == scriptflow.Question || k == scriptflow.TransferWish}
	}
	price, place := hit(scriptflow.Question, "多少钱"), hit(scriptflow.Question, "在哪里")
	no, meeting := hit(scriptflow.Refusal, "不需要"), hit(scriptflow.Busy, "开会")
	never, person, sms := hit(scriptflow.DoNotCall, "别再打"), hit(scriptflow.TransferWish, "转人工"), hit(scriptflow.SMSWish, "微信")
	talked := func(turns, rounds int, completed bool, hits ...scriptflow.Hit) scriptflow.Facts {
		return scriptflow.Facts{Outcome: scriptflow.Answered, Turns: turns, Rounds: rounds, Completed: completed, Hits: hits, TalkMS: 30_000}
	}
	voicemail := talked(1, 1, true, price)
	voicemail.Machine = scriptflow.Voicemail
	refusalFirst := scriptflow.Policy{RefusalFirst: true}
	gated := func(g scriptflow.Gate) scriptflow.Policy { return scriptflow.Policy{Gate: &g} }

	for _, c := range []struct {
		name   string
		facts  scriptflow.Facts
		policy scriptflow.Policy
		grade  scriptflow.Grade
		rule   int
		key    string
	}{
		{"nobody picked up", scriptflow.Facts{Outcome: "no_answer"}, scriptflow.Policy{}, "F", 1, "not_answered"},
		{"an unknown outcome is no success", scriptflow.Facts{Turns: 3, Rounds: 3, Completed: true}, scriptflow.Policy{}, "F", 1, "not_answered"},
		{"a machine, whatever it said", voicemail, scriptflow.Policy{}, "F", 1, "voicemail"},
		{"main flow walked through", talked(4, 4, true), scriptflow.Policy{}, "A", 2, "completed"},
		{"… with one effective round", talked(1, 1, true), scriptflow.Policy{}, "A", 2, "completed"},
		{"… with none: it ran through by itself", talked(0, 0, true), scriptflow.Policy{}, "D", 3, "silent"},
		{"completion outweighs a refusal", talked(5, 5, true, no), scriptflow.Policy{}, "A", 2, "completed"},
		{"unless the tenant says otherwise", talked(5, 5, true, no), refusalFirst, "D", 3, "refusal"},
		{"which changes nothing without a refusal", talked(5, 5, true), refusalFirst, "A", 2, "completed"},
		{"refused", talked(2, 2, false, no), scriptflow.Policy{}, "D", 3, "refusal"},
		{"a refusal outweighs a question", talked(2, 2, false, price, no), scriptflow.Policy{}, "D", 3, "refusal"},
		{"never again", talked(1, 1, false, never), scriptflow.Policy{}, "D", 3, "do_not_call"},
		{"not a word", talked(0, 0, false), scriptflow.Policy{}, "D", 3, "silent"},
		{"a word that nothing answered", talked(1, 0, false), scriptflow.Policy{}, "C", 7, "rest"},
		{"busy", talked(1, 1, false, meeting), scriptflow.Policy{}, "E", 4, "busy"},
		{"busy outweighs a question", talked(3, 3, false, price, meeting), scriptflow.Policy{}, "E", 4, "busy"},
		{"a refusal outweighs busy", talked(3, 3, false, meeting, no), scriptflow.Policy{}, "D", 3, "refusal"},
		{"a question", talked(1, 1, false, price), scriptflow.Policy{}, "A", 5, "keyword"},
		{"a wish for a person", talked(1, 1, false, person), scriptflow.Policy{}, "A", 5, "keyword"},
		{"an SMS wish does not count for A", talked(2, 2, false, sms), scriptflow.Policy{}, "C", 7, "rest"},
		{"three rounds", talked(3, 3, false), scriptflow.Policy{}, "B", 6, "rounds"},
		{"three inputs, two rounds", talked(3, 2, false), scriptflow.Policy{}, "C", 7, "rest"},
		{"gate: two distinct keywords, heard one twice", talked(2, 2, false, price, price), gated(scriptflow.Gate{MinKeywords: 2}), "C", 7, "rest"},
		{"gate: two distinct keywords", talked(2, 2, false, price, place), gated(scriptflow.Gate{MinKeywords: 2}), "A", 5, "keyword"},
		{"gate: another keyword counts", talked(3, 3, false, price), gated(scriptflow.Gate{Keywords: []string{"在哪里"}}), "B", 6, "rounds"},
		{"gate: this keyword counts", talked(3, 3, false, price, place), gated(scriptflow.Gate{Keywords: []string{"在哪里"}}), "A", 5, "keyword"},
		{"gate: talked long enough", talked(1, 1, false, price), gated(scriptflow.Gate{MinTalk: 30}), "A", 5, "keyword"},
		{"gate: too short", talked(1, 1, false, price), gated(scriptflow.Gate{MinTalk: 31}), "C", 7, "rest"},
		{"gate: too few rounds", talked(2, 2, false, price), gated(scriptflow.Gate{MinRounds: 3}), "C", 7, "rest"},
		{"gate holds for completion, too", talked(4, 4, true), gated(scriptflow.Gate{MinTalk: 60}), "B", 6, "rounds"},
		{"a gate never turns a refusal into a B", talked(4, 4, true, no), gated(scriptflow.Gate{MinTalk: 60}), "D", 3, "refusal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := c.policy.Grade(c.facts)
			if v.Grade != c.grade || v.Rule != c.rule || v.Key != "grade.rule."+c.key {
				t.Errorf("%s by rule %d %s, want %s by %d %s", v.Grade, v.Rule, v.Key, c.grade, c.rule, c.key)
			}
			why := locale.T(locale.Chinese, v.Key, v.Args)
			if why == v.Key || strings.Contains(strings.ReplaceAll(why, "{outcome:call.outcome}", ""), "{") {
				t.Errorf("does not explain itself: %s", why)
			}
		})
	}

	v := scriptflow.Policy{Gate: &scriptflow.Gate{MinRounds: 1, MinTalk: 20}}.Grade(talked(2, 2, false, price))
	if v.Hit == nil || v.Hit.Keyword != "多少钱" || v.Args["at"] != "1:05" || v.Rounds != 2 || v.TalkMS != 30_000 || len(v.Gate) != 2 || v.Gate[0].Got != 30 {
		t.Errorf("the verdict does not explain itself: %+v", v)
	}
}
