#include "counters.h"

namespace millrace {

Counters& counters() {
  static Counters* instance = new Counters();
  return *instance;
}

}  // namespace millrace
