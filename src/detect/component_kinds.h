/**
 * Kinds of components as judgments see them: what code an entry of a kind brings in, and where it
 * stands.
 */
#ifndef IW_DETECT_COMPONENT_KINDS_H
#define IW_DETECT_COMPONENT_KINDS_H

#include "result/inventory.h"

enum iw_component_load {
    IW_LOADS_NOTHING = 0, /* a refused permission, a reference: no code by itself */
    IW_LOADS_MINOR,       /* managed code that runs only where an application uses it */
    IW_LOADS_MANAGED,     /* managed code in every request, or at the start */
    IW_LOADS_PROGRAM,     /* a program that is started */
    IW_LOADS_NATIVE       /* a DLL in the worker */
};

/** By kind, and for handlers by what the entry names. */
enum iw_component_load iw_component_loads(const struct iw_inventory_component *component);
/** The same by the name of the kind alone. */
enum iw_component_load iw_kind_loads(struct iw_str kind);
/** What people call it: its name; of an entry without one what it loads, at last its kind. */
struct iw_str iw_component_called(const struct iw_inventory_component *component);
/** Whether it is a permission for an ISAPI extension or a CGI program: where a folder lets requests
 * execute, no other entry has to name what it allows. */
bool iw_component_is_permission(const struct iw_inventory_component *component);
/** Section of configuration for people to look at; NULL: none. */
const char *iw_kind_section(const char *kind);

/** Whether a setting, as event 29 writes it, lies in a section with entries of components. */
bool iw_is_component_section(struct iw_str setting);

/** A variable in the environment of the server, a pool or an application. */
bool iw_component_is_variable(const struct iw_inventory_component *component);
/** Whether something registers it, so that "file" alone is not its state. */
bool iw_component_is_registered(const struct iw_inventory_component *component);
/** Whether it is an entry that could not be read: nothing is known of it. */
bool iw_component_is_unreadable(const struct iw_inventory_component *component);
/** The level of what the content, place and name of a web file say together. */
enum iw_level iw_web_file_level(const struct iw_inventory_web_file *web_file);
/** Whether somebody or something said that it may be there as it is. */
bool iw_is_approved(enum iw_approval approval);
/** The same, by a person: a list of Microsoft's own files says nothing of where they are used. */
bool iw_is_approved_by_person(enum iw_approval approval);
/** Whether a baseline was asked, and neither has it as it is nor approves it any more. */
bool iw_lacks_approval(enum iw_approval approval);

/** The first file that was read, or NULL. */
const struct iw_item_file *iw_component_file(const struct iw_inventory_component *component);
/** Whether the file's signer is proved: by its own signature, or by a catalogue whose own one is.
 */
bool iw_file_is_proved(const struct iw_item_file *file);
bool iw_file_has_role(const struct iw_item_file *file, struct iw_str role);
/** Whether the program file says Microsoft made it (which anybody can write). */
bool iw_file_claims_microsoft(const struct iw_item_file *file);

#endif
