// Package queue wakes the program up: tasks in Redis, run by asynq. It holds no truth.
// What must not be lost lives in SQL, and whoever put it there enqueues again until it
// is done, so a flushed or restarted broker costs time and nothing else (DESIGN mechanism 1).
//
// The broker is the configured Redis; else a redis-server child on a private socket,
// restarted when it dies and gone with us; else one inside the process, which forgets
// everything at exit and says so (Durable). A task carries ids, never rows; it may run
// twice; by default it is not retried.
//
//	b, err := queue.Open(ctx, queue.Config{URL: c.Redis.URL, Dir: c.Data + "/broker", Log: log})
//	err = b.Enqueue(ctx, queue.Task{Type: "campaign:tick", Payload: tick{id}, ID: "tick:" + id.String(), Again: true})
//
//	s := b.NewServer(queue.ServerConfig{Log: log, Grace: 30 * time.Second})
//	queue.On(s, "campaign:tick", func(ctx context.Context, in tick) error { … }) // ctx has the tenant
//	s.Pool(queue.Pool{Queues: map[string]int{"default": 1}, Concurrency: 20})
//	s.Pool(queue.Pool{Queues: map[string]int{"calls:" + node: 1}, Concurrency: 900, Detached: true})
//	err = s.Start()
//	defer s.Shutdown()
package queue
