package queue_test

import (
	"testing"
	"time"

	"yingda/platform/queue"
)

func TestStats(t *testing.T) {
	each(t, func(t *testing.T, b *queue.Broker) {
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Queue: "b"}))
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job"}))
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Delay: time.Hour}))
		got, err := b.Stats(bg)
		must(t, err)
		if len(got) != 2 || got[0].Queue != "b" || got[0].Waiting != 1 || got[1].Waiting != 1 || got[1].Later != 1 || got[1].Running != 0 {
			t.Fatalf("%+v", got)
		}
	})
}
