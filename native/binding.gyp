{
  "variables": {
    # Both come from rdkafka-paths.mjs, so that a hoisted node-rdkafka is found as well.
    "rdkafka_dir": "<!(node rdkafka-paths.mjs directory)",
    "rdkafka_rpath": "<!(node rdkafka-paths.mjs rpath)"
  },
  "targets": [
    {
      "target_name": "millrace",
      "sources": [
        "src/add-brokers.cc",
        "src/addon.cc",
        "src/admin-cluster.cc",
        "src/admin-groups.cc",
        "src/admin-offsets.cc",
        "src/admin-topics.cc",
        "src/admin.cc",
        "src/answer.cc",
        "src/arguments.cc",
        "src/attachments.cc",
        "src/batch-consumer.cc",
        "src/batch-object.cc",
        "src/batch-producer.cc",
        "src/batch.cc",
        "src/cancellations.cc",
        "src/cluster-id.cc",
        "src/commit-arguments.cc",
        "src/commit.cc",
        "src/completions.cc",
        "src/consumer-core.cc",
        "src/counters.cc",
        "src/cpu-meter.cc",
        "src/destroy-client.cc",
        "src/digest.cc",
        "src/end-position.c",
        "src/error.cc",
        "src/event-listener.cc",
        "src/handle-tap.cc",
        "src/handle.cc",
        "src/own-record.cc",
        "src/poll.cc",
        "src/process-memory.cc",
        "src/producer-core.cc",
        "src/request-threads.cc",
        "src/send-result.cc",
        "src/send.cc",
        "src/stall-guard.cc",
        "src/task-thread.cc"
      ],
      "include_dirs": [
        "<!(node -e \"require('nan')\")",
        "<(rdkafka_dir)",
        "<(rdkafka_dir)/deps/librdkafka/src",
        "<(rdkafka_dir)/deps/librdkafka/src-cpp"
      ],
      "cflags_c": ["-std=gnu11", "-D_GNU_SOURCE", "-Wno-unused-parameter"],
      "cflags_cc!": ["-fno-rtti", "-std=gnu++17"],
      "cflags_cc": ["-std=gnu++20", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-cast-function-type"],
      "conditions": [
        [
          "OS=='linux'",
          {
            "libraries": [
              "<(rdkafka_dir)/build/deps/librdkafka.so",
              "<(rdkafka_dir)/build/deps/librdkafka++.so",
              "-Wl,-rpath,'<(rdkafka_rpath)'"
            ]
          }
        ],
        [
          "OS=='mac'",
          {
            "libraries": [
              "<(rdkafka_dir)/build/deps/librdkafka.dylib",
              "<(rdkafka_dir)/build/deps/librdkafka++.dylib"
            ],
            "xcode_settings": {
              "GCC_ENABLE_CPP_RTTI": "YES",
              "CLANG_CXX_LANGUAGE_STANDARD": "gnu++20",
              "MACOSX_DEPLOYMENT_TARGET": "11.0"
            }
          }
        ]
      ]
    }
  ]
}
