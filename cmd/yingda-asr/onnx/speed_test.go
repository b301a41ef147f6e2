//go:build cgo

package onnx

import (
	"context"
	"testing"

	"yingda/models"
	"yingda/platform/audio"
	"yingda/speech/speechtest"
	"yingda/speech/whisper"
)

// What an utterance of a robot call costs: hinted, understood as a hint or not.
func BenchmarkUtterance(b *testing.B) {
	m := load(b)
	hints := m.NewHints([]string{"不需要", "不用了", "没兴趣", "没时间", "我在开会", "我在开车", "打错了", "别打了", "你是谁", "哪里的", "什么项目",
		"多少钱", "多少钱一平", "有什么优惠", "在什么位置", "在哪里", "离地铁近吗", "物业费多少", "限购吗", "可以贷款吗", "有学区吗"})
	for name, text := range map[string]string{"hint": "多少钱一平", "near": "没兴趣", "free": "我儿子上小学了"} {
		pcm := audio.DecodeALaw(nil, speechtest.Say(b, text))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := m.Recognize(context.Background(), pcm, hints); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	pcm := audio.DecodeALaw(nil, speechtest.Say(b, "多少钱一平"))
	b.Run("encoder", func(b *testing.B) {
		w, err := OpenWhisper(models.Dir())
		if err != nil {
			b.Fatal(err)
		}
		defer w.Close()
		for b.Loop() {
			u, err := w.Encode(whisper.Mel(pcm))
			if err != nil {
				b.Fatal(err)
			}
			u.Close()
		}
	})
}
