#include "random_source.h"
