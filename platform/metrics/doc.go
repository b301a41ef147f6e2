// Package metrics is how the program tells how it is: Prometheus numbers, profiles,
// what was built, and whether it lives and is ready.
//
//	reg := metrics.NewRegistry(metrics.ReadBuild())
//	health := metrics.NewHealth()
//	health.Register("database", d.Ping)
//	go http.Serve(private, metrics.Private(reg, health)) // 127.0.0.1:6060: /metrics, /debug/pprof/, /healthz, /readyz
//	mux.Handle("/healthz", health.Alive())               // public: names and states, no details
//	mux.Handle("/readyz", health.Ready(false))
//
// Rooms make their own collectors and register them; the names begin with yingda_.
package metrics
