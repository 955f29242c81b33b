/* Windows has this function since version 10, and programs in Rust (pydantic, typst) ask it for random bytes; Wine 8 lacks
   it. It stands in for the library of that name in the tests only. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID data, ULONG length); /* what Windows calls RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return SystemFunction036(data, (ULONG)length);
}
