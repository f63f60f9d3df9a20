// Package design says what the service dummy is; "goa gen" makes its transport from it.
package design

import . "goa.design/goa/v3/dsl" //nolint:revive // Goa's language is made to be read without a prefix

var secret = APIKeySecurity("secret", func() {
	Description("A word that streaming clients send as Authorization.")
})

var where = Type("Where", func() {
	Attribute("ip", String, "the replica's own address")
	Attribute("hostname", String, "the replica's own name")
	Required("ip", "hostname")
})

var message = Type("Message", func() {
	Attribute("topic", String)
	Required("topic")
})

var echo = Type("Echo", func() {
	Attribute("hostname", String, "who answers")
	Attribute("topic", String, "what was asked")
	Attribute("count", Int, "messages on this connection so far")
	Required("hostname", "topic", "count")
})

var _ = API("dummy", func() {
	Title("Which replica serves whom?")
	Server("dummy", func() { Host("all", func() { URI("http://0.0.0.0:8000") }) })
})

var _ = Service("dummy", func() {
	Method("hostname", func() {
		Result(where)
		HTTP(func() { GET("/hostname") })
	})
	Method("streaming", func() {
		Security(secret)
		Payload(func() {
			APIKey("secret", "key", String)
			Required("key")
		})
		StreamingPayload(message)
		StreamingResult(echo)
		HTTP(func() {
			GET("/streaming")
			Header("key:Authorization")
		})
	})
})
