// What sanitized programs do by default, whoever starts them and wherever. The variables
// ASAN_OPTIONS, UBSAN_OPTIONS and TSAN_OPTIONS still add to it and override it. The runtimes look
// for functions of these names.

// An exit code that the program itself never uses, so that no test takes a report for an answer.
extern "C" const char* __asan_default_options() {
  return "exitcode=99:print_suppressions=0:detect_stack_use_after_return=1:"
         "check_initialization_order=1:strict_string_checks=1";
}

// The DNS resolver of gRPC's channels ends without freeing what c-ares made for it.
extern "C" const char* __lsan_default_suppressions() { return "leak:libcares.so"; }

extern "C" const char* __ubsan_default_options() { return "print_stacktrace=1:exitcode=99"; }

// What happens inside of Debian's libraries is not seen, nor how they synchronise it: RocksDB's own
// threads look like races.
extern "C" const char* __tsan_default_options() {
  return "exitcode=99:halt_on_error=1:second_deadlock_stack=1:history_size=4:"
         "ignore_noninstrumented_modules=1";
}

// The same for what gRPC's headers bring into our code: a call's state is handed from thread to
// thread by locks inside of the library. Handlers do not run below any of these functions, which
// begin and end a call. gRPC's own threads may still be ending when a program does.
extern "C" const char* __tsan_default_suppressions() {
  return "race_top:/usr/include/grpcpp/\n"
         "race:grpc::internal::ServerCallbackCall::\n"
         "race:ServerCallbackReaderWriterImpl::\n"
         "race:ServerCallbackUnaryImpl::\n"
         "race:grpc::internal::CatchingCallback<\n"
         "race:InterceptorBatchMethodsImpl::SetSendMessage\n"
         "race:grpc::Status::Status\n"
         "race:grpc::internal::CallbackWithStatusTag\n"
         "thread:grpc_core::Thread::Thread\n";
}
