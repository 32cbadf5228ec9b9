/* The C interface of the Rust driver; implemented in src/lib.rs, used by rust_session.cpp alone.
 *
 * Structs here and their namesakes in the Rust sources are the same; change both.
 *
 * Every kvc_* call that takes a kvc_wait returns at once, copies what it is given, and calls
 * done(context, answer) exactly once: in a thread of the session, never in the caller's, unless the
 * session is closing. The answer is the callee's, to be freed with kvc_answer_free. Texts are UTF-8
 * and not terminated. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char* data;
  size_t size;
} kvc_text;

typedef struct kvc_session kvc_session;
typedef struct kvc_statement kvc_statement;

typedef struct {
  kvc_text contact_points; /* HOST:PORT, separated by commas */
  kvc_text local_data_center;
  kvc_text username;
  kvc_text password;
  kvc_text tls_ca; /* files in PEM */
  kvc_text tls_certificate;
  kvc_text tls_key;
  uint8_t tls;
  uint8_t tls_verify_host;
  uint8_t lz4;
  uint8_t token_aware;
  uint8_t retry;
  uint16_t consistency;
  uint16_t serial_consistency;
  uint32_t speculative_attempts;
  uint32_t speculative_delay_ms;
  uint32_t connect_timeout_ms;
  uint32_t heartbeat_ms;
  uint32_t connections_per_node;
  uint32_t threads;
} kvc_options;

typedef struct {
  int64_t timestamp; /* microseconds; INT64_MIN: the session's clock */
  uint16_t consistency; /* UINT16_MAX: the session's */
  uint8_t idempotent;
} kvc_call;

/* Why a call failed; a CQL error code of the server's if it is not negative. */
enum {
  KVC_NOT_CONNECTED = -1,
  KVC_REFUSED = -2, /* the servers do not take us as we are configured */
  KVC_CONNECTION_LOST = -3,
  KVC_TIMEOUT = -4,
  KVC_CANCELLED = -5,
  KVC_REJECTED = -6, /* by the driver, before it was sent */
  KVC_TOO_BUSY = -7, /* no room on any connection; not sent */
  KVC_OTHER = -8,
  KVC_LOGGED_ONCE = -9 /* a batch, in the log of fewer nodes than it takes: it was not begun */
};

typedef struct {
  kvc_text name;
  kvc_text type;
} kvc_column;

enum { KVC_DONE, KVC_ROWS, KVC_PREPARED, KVC_FAILED };

typedef struct {
  int32_t kind;
  int32_t error;
  kvc_text message; /* of KVC_FAILED */
  uint32_t row_count;
  uint32_t column_count;
  kvc_text cells; /* row_count x column_count values as on the wire */
  const kvc_column* columns; /* of the rows, or of what a prepared statement returns */
  size_t columns_size;
  const kvc_column* parameters; /* of KVC_PREPARED */
  size_t parameters_size;
  kvc_statement* statement; /* of KVC_PREPARED; to be freed by itself */
} kvc_answer;

typedef struct {
  const kvc_statement* statement;
  kvc_text values;
} kvc_batch_item;

typedef struct {
  kvc_text address;
  kvc_text data_center;
  uint8_t connected;
} kvc_node;

typedef void (*kvc_done)(void* context, kvc_answer* answer);
typedef void (*kvc_text_sink)(void* context, kvc_text text);
typedef void (*kvc_node_sink)(void* context, const kvc_node* node);

/* Who waits for an answer, and for how long. */
typedef struct {
  uint32_t timeout_ms;
  kvc_done done;
  void* context;
} kvc_wait;

/* 0 trace … 4 error */
typedef void (*kvc_log_sink)(int32_t level, kvc_text message);

/* Where the driver's messages go, from any thread; the first call in a process decides. */
void kvc_log_to(kvc_log_sink sink, int32_t least_level);

/* Starts to connect. NULL if the options can never work; `failure` is then told why. */
kvc_session* kvc_open(const kvc_options* options, kvc_text_sink failure, void* context);
/* Completes all calls in flight with KVC_CANCELLED, and every later one, in its caller's thread.
 * May be called again. Blocks; not for the session's threads. */
void kvc_end(const kvc_session* session);
/* The same, then frees everything. What goes on in the session's threads may make calls until then.
 */
void kvc_close(kvc_session* session);

/* Passes what is wrong to `sink`; does not call it when all is well. */
void kvc_problem(const kvc_session* session, kvc_text_sink sink, void* context);
void kvc_nodes(const kvc_session* session, kvc_node_sink sink, void* context);
uint64_t kvc_retries(const kvc_session* session);
uint64_t kvc_connections(const kvc_session* session);

void kvc_connected(const kvc_session* session, const kvc_wait* wait);
void kvc_agree_on_schema(const kvc_session* session, const kvc_wait* wait);
void kvc_prepare(const kvc_session* session, kvc_text cql, const kvc_wait* wait);
void kvc_execute(const kvc_session* session, const kvc_statement* statement, kvc_text values,
                 const kvc_call* call, const kvc_wait* wait);
/* kind: 0 logged, 1 unlogged */
void kvc_batch(const kvc_session* session, uint8_t kind, const kvc_batch_item* items, size_t size,
               const kvc_call* call, const kvc_wait* wait);
void kvc_query(const kvc_session* session, kvc_text cql, const kvc_call* call,
               const kvc_wait* wait);

void kvc_statement_free(kvc_statement* statement);
void kvc_answer_free(kvc_answer* answer);

#ifdef __cplusplus
}
#endif
