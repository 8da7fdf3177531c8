// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

#include "COsipShims.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// Under AddressSanitizer every object must be an allocation of its own, or overruns inside the arena go unseen.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITHOUT_ARENA 1
#endif
#endif

static void ignore_trace(const char *file, int line, osip_trace_level_t level, const char *format, va_list arguments) {
    (void)file;
    (void)line;
    (void)level;
    (void)format;
    (void)arguments;
}

#ifndef WITHOUT_ARENA

enum { FIRST_BYTES = 32768, LATER_BYTES = 65536, ALIGNMENT = 16 };

// A block that was added because the first one was full.
struct block {
    struct block *next;
    unsigned char *end;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

static _Thread_local _Alignas(ALIGNMENT) unsigned char first[FIRST_BYTES];
static _Thread_local struct block *later;
static _Thread_local unsigned char *cursor;
static _Thread_local unsigned char *limit;

static void *arena_grow(size_t size) {
    size_t room = size > LATER_BYTES ? size : LATER_BYTES;
    struct block *block = malloc(sizeof(struct block) + room);
    if (block == NULL) {
        return NULL;
    }
    block->next = later;
    block->end = block->bytes + room;
    later = block;
    cursor = block->bytes + size;
    limit = block->end;
    return block->bytes;
}

static void *arena_allocate(size_t size) {
    if (cursor == NULL) {
        return malloc(size);
    }
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (size > (size_t)(limit - cursor)) {
        return arena_grow(size);
    }
    void *result = cursor;
    cursor += size;
    return result;
}

// The end of the block that holds the pointer; NULL when it came from malloc.
static unsigned char *arena_end_around(const void *pointer) {
    uintptr_t address = (uintptr_t)pointer;
    if (address - (uintptr_t)first < FIRST_BYTES) {
        return first + FIRST_BYTES;
    }
    for (struct block *block = later; block != NULL; block = block->next) {
        if (address >= (uintptr_t)block->bytes && address < (uintptr_t)block->end) {
            return block->end;
        }
    }
    return NULL;
}

static void arena_free(void *pointer) {
    if (arena_end_around(pointer) == NULL) {
        free(pointer);
    }
}

static void *arena_reallocate(void *pointer, size_t size) {
    unsigned char *end = arena_end_around(pointer);
    if (end == NULL) {
        return pointer == NULL ? arena_allocate(size) : realloc(pointer, size);
    }
    void *result = arena_allocate(size);
    if (result != NULL) {
        // The old size is not known; the block's end bounds it, and bytes copied beyond it are never read.
        size_t available = (size_t)(end - (unsigned char *)pointer);
        memmove(result, pointer, size < available ? size : available);
    }
    return result;
}

static void arena_open(void) {
    cursor = first;
    limit = first + FIRST_BYTES;
}

static void discard(osip_message_t *message) {
    (void)message;
}

static void arena_close(void) {
    while (later != NULL) {
        struct block *next = later->next;
        free(later);
        later = next;
    }
    cursor = NULL;
    limit = NULL;
}

#else

static void arena_open(void) {}

static void discard(osip_message_t *message) {
    osip_message_free(message);
}

static void arena_close(void) {}

#endif

int COsipShims_start(void) {
    // Without this the first malformed message prints on standard output.
    osip_trace_initialize_func(TRACE_LEVEL0, ignore_trace);
#ifndef WITHOUT_ARENA
    osip_set_allocators(arena_allocate, arena_reallocate, arena_free);
#endif
    return parser_init();
}

osip_message_t *COsipShims_begin(const char *bytes, size_t length) {
    osip_message_t *message = NULL;
    arena_open();
    if (osip_message_init(&message) != 0) {
        return NULL;
    }
    if (osip_message_parse(message, bytes, length) != 0) {
        discard(message);
        return NULL;
    }
    return message;
}

void COsipShims_end(osip_message_t *message) {
    if (message != NULL) {
        discard(message);
    }
    arena_close();
}

const char *COsipShims_parameter(const osip_list_t *parameters, const char *name) {
    osip_list_iterator_t iterator;
    osip_generic_param_t *parameter = osip_list_get_first(parameters, &iterator);
    while (osip_list_iterator_has_elem(iterator)) {
        if (parameter->gname != NULL && strcasecmp(parameter->gname, name) == 0) {
            return parameter->gvalue;
        }
        parameter = osip_list_get_next(&iterator);
    }
    return NULL;
}

int COsipShims_count(const osip_message_t *message, const char *name) {
    int count = 0;
    osip_list_iterator_t iterator;
    osip_header_t *header = osip_list_get_first(&message->headers, &iterator);
    while (osip_list_iterator_has_elem(iterator)) {
        if (header->hname != NULL && strcasecmp(header->hname, name) == 0) {
            count += 1;
        }
        header = osip_list_get_next(&iterator);
    }
    return count;
}
